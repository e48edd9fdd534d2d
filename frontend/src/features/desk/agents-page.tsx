import { Slider, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Agent, agentsQuery, changeAgent, type Agents, TOUCHED } from '@/api/agents';
import { useChange } from '@/api/change';
import { useMay } from '@/api/session';
import { shortDate } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightNote } from '@/ui/rights';
import { ErrorBox, Said, Waiting } from '@/ui/states';
import { recordInWords } from './agent-words';
import { DeskFrame } from './desk-frame';
import { capital, MODES, title } from './desk-words';
import { ModelSection } from './model-section';
import { Presets } from './presets';
import { SettingsFile } from './settings-file';

const KINDS = [
  ['analyst', 'Analysts', 'Each judges the symbols with the strongest signals. A decision is what their weighted words come to.'],
  ['discovery', 'Discovery', 'Each looks through all symbols every night, and notes signals.'],
  ['desk', 'The desk', 'How decisions are answered and traded.'],
] as const;

/** Who works on the desk, how much each word counts, and how right it was. */
export function AgentsPage() {
  const asked = useQuery(agentsQuery);
  const data = asked.data;
  return (
    <DeskFrame title="Agents" lead={<p>Who works here. A change counts from the next night on, and every version is kept.</p>}>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={8} height={60} />}
      {data && !asked.error && (
        <>
          <RightNote right="write" what="You can look here, not change." />
          <Presets />
          {KINDS.map(([kind, name, about]) => (
            <section key={kind} className="card" aria-labelledby={`kind-${kind}`}>
              <h2 id={`kind-${kind}`}>{name}</h2>
              <p className="about">{about}{kind === 'analyst' && ` At least ${data.least_analysts} stay on. ${recordNote(data)}`}</p>
              <ul className="agent-list">
                {data.rows.filter((one) => one.kind === kind).map((one) => <AgentRow key={one.name} agent={one} />)}
              </ul>
            </section>
          ))}
          <ModelSection />
          <SettingsFile />
        </>
      )}
    </DeskFrame>
  );
}

function recordNote({ record_on: on, benchmark }: Agents): string {
  if (!on) return 'No prices yet to measure their words by.';
  return `Hits: a buy that did better than ${benchmark ?? 'nothing at all'} over 21 sessions, a sell that did worse; measured up to ${shortDate(on)}.`;
}

function AgentRow({ agent }: { agent: Agent }) {
  const { may } = useMay('write');
  const change = useChange(changeAgent, TOUCHED);
  const [moved, setMoved] = useState<number>(); // while it is being moved, and until it is kept
  const weight = moved ?? agent.weight;
  const name = title(agent.name);
  return (
    <li className={`agent ${agent.enabled ? '' : 'off'} ${agent.kind === 'analyst' ? '' : 'simple'}`}>
      <div className="agent-name">
        <Link to="/desk/agents/$agent" params={{ agent: agent.name }} data-row={agent.name}>{name}</Link>
        {agent.changed && <span className="badge quiet own">changed</span>}
        <span className="note block">{agent.words}{agent.kind === 'desk' && settings(agent)}</span>
      </div>
      {agent.kind === 'analyst' && <p className="note record">{capital(recordInWords(agent.record))}</p>}
      {agent.most_weight > agent.least_weight && (
        <div className="agent-weight">
          <span className="note">Weight <b>{weight.toFixed(1)}</b></span>
          <Slider
            size="sm"
            label={null}
            min={agent.least_weight}
            max={agent.most_weight}
            step={0.1}
            value={weight}
            disabled={!may || !agent.enabled}
            thumbLabel={`Weight of ${name}`}
            onChange={(value) => setMoved(tenth(value))}
            onChangeEnd={(value) => change.mutate({ name: agent.name, weight: tenth(value) }, { onSettled: () => setMoved(undefined) })}
          />
        </div>
      )}
      {agent.can_be_off && (
        <Switch
          aria-label={`${name} works`}
          checked={agent.enabled}
          disabled={!may || change.isPending}
          onChange={(event) => change.mutate({ name: agent.name, enabled: event.currentTarget.checked })}
        />
      )}
      {change.error && <p role="alert" className="form-error wide-error"><Said text={inFull(change.error)} /></p>}
    </li>
  );
}

/** How the desk is set, in short. */
function settings({ parameters }: Agent): string {
  const value = (name: string): string => String(parameters.find((one) => one.name === name)?.value ?? '');
  const mode = value('mode');
  return `: ${(MODES[mode]?.name ?? mode).toLowerCase()}${value('portfolio') && `, for “${value('portfolio')}”`}`;
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
