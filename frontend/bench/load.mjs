// Load on one server, from a process of its own: `node bench/load.mjs '{"url": …, "paths": […], …}'` prints
// one line of JSON. autocannon counts whole milliseconds; its own event carries the exact time, kept here.
import autocannon from 'autocannon';

const asked = JSON.parse(process.argv[2]);
const times = [];
const statuses = {};
const before = process.cpuUsage();
const run = autocannon({
  url: asked.url,
  requests: asked.paths.map((path) => ({ path, headers: asked.headers ?? {} })),
  connections: asked.connections ?? 16,
  duration: asked.seconds,
  timeout: 30,
});
run.on('response', (_client, status, _bytes, ms) => {
  times.push(ms);
  statuses[status] = (statuses[status] ?? 0) + 1;
});
const result = await run;
const used = process.cpuUsage(before);
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
console.log(
  JSON.stringify({
    per_second: times.length / result.duration,
    requests: times.length,
    p50: at(0.5),
    p99: at(0.99),
    worst: times.at(-1) ?? null,
    errors: result.errors + result.timeouts,
    statuses,
    busy: (used.user + used.system) / 1e6 / result.duration, // of one core: near 1, the generator is the limit
  }),
);
