import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { type Agent, agentQuery, type AgentVersion, type Call, changeAgent, type Parameter, TOUCHED } from '@/api/agents';
import { useChange } from '@/api/change';
import { portfoliosQuery } from '@/api/portfolios';
import { change as asChange, decimals, instantInFull, percent, sentence, words } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { ErrorBox, Said, Waiting } from '@/ui/states';
import { bound, changedParameters, checkParameter, typedValue } from './agent-words';
import { DeskFrame } from './desk-frame';
import { MODES, title } from './desk-words';

const route = getRouteApi('/desk/agents/$agent');
const FIRST = 10;

/** One agent: what can be set of it, how right it was, and how it was set before. */
export function AgentPage() {
  const { agent: name } = route.useParams();
  const asked = useQuery(agentQuery(name));
  const data = asked.data;
  return (
    <DeskFrame title={title(name)} lead={<p>{data && sentence(data.words)} <Link to="/desk/agents">All agents</Link></p>}>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={5} height={70} />}
      {data && !asked.error && (
        <>
          {data.parameters.length > 0 && <Parameters key={`${data.name} ${data.version}`} agent={data} />}
          {data.kind === 'analyst' && <Record record={data.record} />}
          <Versions rows={data.versions} defaults={Object.fromEntries(data.parameters.map((one) => [one.name, one.default]))} />
        </>
      )}
    </DeskFrame>
  );
}

function Parameters({ agent }: { agent: Agent }) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const change = useChange(changeAgent, TOUCHED);
  const errors = agent.parameters.map((one) => (typed[one.name] === undefined ? undefined : checkParameter(one, typed[one.name] ?? '')));
  const changed = changedParameters(agent, typed);
  const ready = changed !== undefined && errors.every((one) => one === undefined);
  const away = agent.parameters.filter((one) => one.value !== one.default);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (ready) change.mutate({ name: agent.name, parameters: changed });
  };
  return (
    <form className="card form" onSubmit={submit} aria-labelledby="parameters">
      <h2 id="parameters">What is set <span className="note">{agent.version ? `version ${agent.version}` : 'as it comes'}</span></h2>
      <RightNote right="write" what="You can look here, not change." />
      <div className="parameter-list">
        {agent.parameters.map((one, i) => (
          <ParameterField key={one.name} parameter={one} text={typed[one.name] ?? typedValue(one.value)} error={errors[i]} onChange={(text) => setTyped((now) => ({ ...now, [one.name]: text }))} />
        ))}
      </div>
      {change.error && <p role="alert" className="form-error"><Said text={inFull(change.error)} /></p>}
      <div className="buttons">
        <RightButton right="write" type="submit" loading={change.isPending} disabled={!ready}>Save</RightButton>
        {away.length > 0 && (
          <RightButton right="write" variant="default" onClick={() => setTyped(Object.fromEntries(away.map((one) => [one.name, typedValue(one.default)])))}>Fill in how it comes</RightButton>
        )}
      </div>
    </form>
  );
}

interface FieldProps {
  parameter: Parameter;
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
}

function ParameterField({ parameter, text, error, onChange }: FieldProps) {
  const { kind, name, least, most, value } = parameter;
  const about = sentence(parameter.words.charAt(0).toUpperCase() + parameter.words.slice(1));
  const label = title(name);
  const portfolios = useQuery({ ...portfoliosQuery, enabled: kind === 'name' && name === 'portfolio' }).data?.rows;
  if (kind === 'choice') {
    const data = (parameter.among ?? []).map((one) => ({ value: one, label: name === 'mode' ? (MODES[one]?.name ?? words(one)) : words(one) }));
    return <NativeSelect label={label} description={name === 'mode' ? MODES[text]?.about : about} value={text} data={data} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  if (kind === 'name' && portfolios) {
    const names = portfolios.map((one) => one.name);
    const kept = typeof value === 'string' && !names.includes(value) ? [value] : [];
    return <NativeSelect label={label} description={about} value={text} data={[{ value: '', label: 'none' }, ...kept, ...names]} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  const bounds = least != null || most != null ? ` ${bound(least)} to ${bound(most)}.` : '';
  const own = parameter.value !== parameter.default ? ` It comes as ${typedValue(parameter.default)}.` : '';
  return (
    <TextInput
      label={label}
      description={`${about}${bounds}${own}`}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      value={text}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Record({ record }: { record: Call[] }) {
  const counted = record.filter((one) => one.n + one.waiting > 0);
  return (
    <section className="card" aria-labelledby="record">
      <h2 id="record">How right it was</h2>
      <p className="about">A buy hits where the symbol did better than the benchmark afterwards, a sell where it did worse. The same call on several evenings counts on each of them.</p>
      {counted.length === 0 ? (
        <p className="note">It has said neither buy nor sell yet.</p>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too
        <div className="wide" role="region" aria-label="Track record" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Call</th>
                <th scope="col" className="number">Hits</th>
                <th scope="col" className="number">Calls</th>
                <th scope="col" className="number">Symbols</th>
                <th scope="col" className="number">Mean change</th>
                <th scope="col" className="number">Benchmark</th>
                <th scope="col" className="number">Not old enough</th>
              </tr>
            </thead>
            <tbody>
              {counted.map((one) => (
                <tr key={`${one.recommendation} ${one.horizon}`}>
                  <th scope="row">{title(one.recommendation.toLowerCase())}, {one.horizon} sessions later</th>
                  <td className="number"><b>{one.n ? percent(one.hit_rate) : '–'}</b></td>
                  <td className="number">{one.n}</td>
                  <td className="number">{one.symbols}</td>
                  <td className="number">{asChange(one.mean_return)}</td>
                  <td className="number">{asChange(one.benchmark_return)}</td>
                  <td className="number">{one.waiting}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Versions({ rows, defaults }: { rows: AgentVersion[]; defaults: AgentVersion['parameters'] }) {
  const [most, setMost] = useState(FIRST);
  return (
    <section className="card" aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      {rows.length === 0 && <p className="note">Nobody changed it: it is as it comes.</p>}
      <ul className="log">
        {rows.slice(0, most).map((one, i) => (
          <li key={one.version}>
            <b>{one.version}</b>
            <span>
              {one.enabled ? 'On' : 'Off'}, weight {decimals(one.weight, 1)}{one.preset && `, by the preset “${one.preset}”`}
              <span className="note block">{differences(one.parameters, rows[i + 1]?.parameters ?? defaults)}</span>
            </span>
            <span className="note when">{one.set_at && instantInFull(one.set_at)}<span className="block">{one.by ?? 'the command line or a file'}</span></span>
          </li>
        ))}
      </ul>
      {rows.length > most && <button type="button" className="plain" onClick={() => setMost(most + FIRST)}>Show more of {rows.length}</button>}
    </section>
  );
}

/** What a version sets otherwise than the one before it, the first than how it comes. */
function differences(now: AgentVersion['parameters'], before: AgentVersion['parameters']): string {
  const changed = Object.entries(now).filter(([name, value]) => (before[name] ?? null) !== value);
  return changed.map(([name, value]) => `${words(name)} ${typedValue(before[name] ?? null) || 'none'} → ${typedValue(value) || 'none'}`).join(', ');
}
