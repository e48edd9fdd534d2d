import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { methodsQuery } from '@/api/methods';
import type { Standing } from '@/api/symbols';
import { decimals, instantInFull, longDate, signed, words } from '@/lib/format';
import { EvidenceOfFactor } from './evidence-factor';
import type { Figure } from './factor-bars';

interface Props {
  standing: Standing;
  figure: Figure | undefined;
  onClose: () => void;
}

/** What is behind a figure: its formula, the inputs with their values, who gave them and when. */
export function Evidence({ standing, figure, onClose }: Props) {
  return (
    <Drawer
      opened={figure !== undefined}
      onClose={onClose}
      position="right"
      size="md"
      title={figure && titleOf(standing, figure)}
      closeButtonProps={{ 'aria-label': 'Close' }}
      className="evidence"
    >
      {figure?.kind === 'factor' && <EvidenceOfFactor standing={standing} name={figure.name} />}
      {figure?.kind === 'composite' && <Composite standing={standing} />}
      {figure?.kind === 'score' && <Score standing={standing} />}
      <Origin standing={standing} />
    </Drawer>
  );
}

function titleOf({ factors, row }: Standing, figure: Figure): string {
  if (figure.kind !== 'factor') return `${figure.kind === 'score' ? 'Score and rank' : 'Composite'} of ${row.symbol}`;
  return `${factors[figure.name]?.title ?? words(figure.name)} of ${row.symbol}`;
}

function Composite({ standing: { row } }: { standing: Standing }) {
  return (
    <>
      <p className="formula"><code>composite = Σ weight × z</code></p>
      <table className="sum">
        <caption className="hidden">What the composite is the sum of</caption>
        <tbody>
          {Object.entries(row.factors).map(([name, factor]) => (
            <tr key={name}>
              <th scope="row">{words(name)}</th>
              <td className="number">{decimals(factor.weight, 2)} × {signed(factor.normalized, 4)}</td>
              <td className="number">{signed(factor.contribution, 4)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">composite</th>
            <td />
            <td className="number">{signed(row.composite, 4)}</td>
          </tr>
        </tfoot>
      </table>
      <p className="note">
        Coverage {decimals(row.coverage, 2)}: that share of the weights has a value. A missing factor counts as z = 0, neither
        better nor worse than the middle.
      </p>
    </>
  );
}

const SCORES: Record<string, string> = {
  percentile: 'score = share of all symbols compared with that it is ahead of, × 100',
  min_max: 'score = (composite − lowest) / (highest − lowest) × 100, on this board',
};

function Score({ standing }: { standing: Standing }) {
  const { row } = standing;
  const method = useQuery(methodsQuery).data?.methods.find((one) => one.name === standing.method);
  return (
    <>
      <p className="formula">
        <code>rank = 1 + how many on the board have a larger composite</code>
        {method && <code>{SCORES[method.score] ?? method.score}</code>}
      </p>
      <dl className="inputs">
        <div><dt>composite</dt><dd>{signed(row.composite, 6)}</dd></div>
        <div><dt>rank</dt><dd>{row.rank ?? '–'} of {standing.ranked}</dd></div>
        <div><dt>score</dt><dd>{decimals(row.score, 2)}</dd></div>
        <div><dt>compared with</dt><dd>{standing.scope_words}</dd></div>
      </dl>
      <p className="note">Equal composites share a rank. A score is on the scale of all that it is compared with, a rank on this board’s.</p>
    </>
  );
}

function Origin({ standing }: { standing: Standing }) {
  return (
    <section className="origin">
      <h3>Where it comes from</h3>
      <p className="note">
        Ranks of {longDate(standing.as_of)} on {standing.board}, method {standing.method} v{standing.method_version},{' '}
        {standing.origin === 'published' ? 'published' : 'computed for this page'}
        {standing.computed_at && ` ${instantInFull(standing.computed_at)}`}
        {standing.provisional && '; provisional, prices were not final yet'}.
      </p>
    </section>
  );
}
