import type { Agent, Call, Parameter } from '@/api/agents';
import { counted, percent } from '@/lib/format';

const HORIZON = 21;
const FEW = 20;

/** `61 % of 34 buys, 5 sells too few to say`: how right an analyst was over about a month. */
export function recordInWords(record: readonly Call[]): string {
  const of = (recommendation: string): string | undefined => {
    const call = record.find((one) => one.recommendation === recommendation && one.horizon === HORIZON);
    const noun = recommendation === 'BUY' ? 'buy' : 'sell';
    if (!call || call.n + call.waiting === 0) return undefined;
    if (call.n === 0) return `${counted(call.waiting, noun)} not old enough`;
    const few = call.n < FEW ? ' (few)' : '';
    return `${percent(call.hit_rate)} of ${counted(call.n, noun)} hit${few}`;
  };
  const said = [of('BUY'), of('SELL')].filter((one) => one !== undefined);
  return said.length ? said.join(', ') : 'no buy and no sell yet';
}

/** What is wrong with a parameter as it is typed; nothing where it can be sent. */
export function checkParameter(parameter: Parameter, typed: string): string | undefined {
  if (parameter.kind !== 'number') return undefined;
  const value = readNumber(typed);
  if (value === undefined) return 'A number with a decimal point';
  const { least, most } = parameter;
  if ((least != null && value < least) || (most != null && value > most)) return `From ${bound(least)} to ${bound(most)}`;
  return undefined;
}

export function readNumber(typed: string): number | undefined {
  const bare = typed.replace(/[\s']/g, '').replace(/,(?=\d{3}(\D|$))/g, '').replace('−', '-');
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(bare) ? Number(bare) : undefined;
}

export const bound = (value: number | null): string => (value == null ? 'anything' : value.toLocaleString('en-GB', { maximumFractionDigits: 6 }));

/** A parameter as it stands in its field. */
export const typedValue = (value: number | string | null): string => (value == null ? '' : String(value));

/** The typed parameters that differ from what is set, as they are sent; undefined where none does. */
export function changedParameters(agent: Pick<Agent, 'parameters'>, typed: Readonly<Record<string, string>>): Record<string, number | string | null> | undefined {
  const changed = agent.parameters.flatMap((one) => {
    const text = typed[one.name];
    if (text === undefined) return [];
    const value = one.kind === 'number' ? (readNumber(text) ?? one.value) : text.trim() || null;
    return value === one.value ? [] : [[one.name, value] as const];
  });
  return changed.length ? Object.fromEntries(changed) : undefined;
}
