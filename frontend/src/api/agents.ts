/** The desk's agents: how they are set, and how right they were. */

import { queryOptions } from '@tanstack/react-query';
import { type Answer, get, send } from './client';

export type Agents = Answer<'/api/v1/agents'>;
export type Agent = Agents['rows'][number];
export type Parameter = Agent['parameters'][number];
export type Call = Agent['record'][number];
export type AgentVersion = Answer<'/api/v1/agents/{name}'>['versions'][number];
export type Model = Answer<'/api/v1/model'>;

export const TOUCHED = ['agents', 'desk'] as const;

export const agentsQuery = queryOptions({ queryKey: ['agents'], queryFn: ({ signal }) => get('/api/v1/agents', { signal }) });

export const agentQuery = (name: string) =>
  queryOptions({
    queryKey: ['agents', name],
    queryFn: ({ signal }) => get('/api/v1/agents/{name}', { path: { name }, signal }),
  });

export const presetsQuery = queryOptions({ queryKey: ['agents', 'presets'], queryFn: ({ signal }) => get('/api/v1/agents/presets', { signal }) });

export const modelQuery = queryOptions({ queryKey: ['model'], queryFn: ({ signal }) => get('/api/v1/model', { signal }) });

export interface AgentChange {
  name: string;
  enabled?: boolean;
  weight?: number;
  parameters?: Record<string, number | string | null>;
}

export const changeAgent = ({ name, ...body }: AgentChange) => send('patch', '/api/v1/agents/{name}', { path: { name }, body });

export const applyPreset = ({ name, dry_run }: { name: string; dry_run: boolean }) =>
  send('post', '/api/v1/agents/presets/{name}', { path: { name }, body: { dry_run } });

export const exportAgents = () => get('/api/v1/agents/export');

export const importAgents = ({ text, dry_run }: { text: string; dry_run: boolean }) =>
  send('post', '/api/v1/agents/import', { body: { form: text.trimStart().startsWith('{') ? 'json' : 'toml', text, dry_run } });
