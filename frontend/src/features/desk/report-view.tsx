import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Report, ReportItem, ReportSection } from '@/api/desk';
import { counted, shortDate } from '@/lib/format';
import { capital, modeName } from './desk-words';
import { groupsOf, partsOf } from './report-parts';
import { symbolOf } from './report-symbol';

const MARKS = { plain: '', good: '▲', bad: '▼', warn: '!' } as const;
const FIRST_LINES = 8;

/** A morning report, read in place. */
export function ReportView({ report }: { report: Report }) {
  const { headline, first, second } = partsOf(report.sections);
  return (
    <article className="report" aria-label={report.title}>
      <p className="note">
        {counted(report.stocks_analyzed, 'symbol')} looked at by the analysts · {counted(report.recommendations_count, 'proposal')} · {modeName(report.mode).toLowerCase()}
        {report.previous_on && ` · what changed since ${shortDate(report.previous_on)}`}
      </p>
      {!report.material && <p className="quiet-night" role="note"><b>{report.words || 'A quiet night: nothing material has changed.'}</b></p>}
      {headline && <SectionView section={headline} />}
      <div className={`report-columns ${first.length && second.length ? 'two' : ''}`}>
        {first.length > 0 && <div>{first.map((section) => <SectionView key={section.name} section={section} />)}</div>}
        {second.length > 0 && <div className="second">{second.map((section) => <SectionView key={section.name} section={section} />)}</div>}
      </div>
      {report.silent.length > 0 && <p className="note">Nothing to say: {report.silent.join(', ').toLowerCase()}.</p>}
    </article>
  );
}

function SectionView({ section }: { section: ReportSection }) {
  const id = `report-${section.name}`;
  const lines = [...section.still.map((one) => ['still', one] as const), ...section.ended.map((one) => ['ended', one] as const)];
  return (
    <section className={`report-section ${section.name === 'headline' ? 'headline' : ''}`} aria-labelledby={id}>
      <h3 id={id}>{section.title}</h3>
      {section.words && <p className="about">{section.words}</p>}
      <Items section={section} />
      {lines.length > 0 && <ul className="lasting">{lines.map(([kind, one]) => <li key={one} className={kind}>{kind === 'still' && !one.startsWith('and ') && 'Still: '}{one}</li>)}</ul>}
    </section>
  );
}

function Items({ section }: { section: ReportSection }) {
  const { items } = section;
  if (!items.length) return null;
  if (section.name === 'headline') return items.map((item) => <p key={item.key}><Mark tone={item.tone} />{item.title}</p>);
  if (section.layout === 'table') return <Table section={section} />;
  return (
    <div className={section.layout === 'cards' ? 'report-cards' : 'report-lines'}>
      {items.map((item) => (
        <div key={item.key} className="report-item">
          <h4><Mark tone={item.tone} /><Title section={section} item={item} /></h4>
          {item.words && <p className="note">{item.words}</p>}
          {item.figures.length > 0 && (
            <dl className="report-figures">
              {item.figures.map((one) => <div key={one.label}><dt>{one.label}</dt><dd>{one.text}</dd></div>)}
            </dl>
          )}
          {item.points.map((points) => <Points key={points.title} points={points} />)}
        </div>
      ))}
    </div>
  );
}

function Table({ section }: { section: ReportSection }) {
  const columns = section.items[0]?.figures.map((one) => one.label) ?? [];
  const groups = groupsOf(section.items);
  const why = groups[0]?.words === '' && section.items.some((item) => item.words);
  const number = (label: string): string => (label === 'Name' ? 'desk-only name' : 'number');
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too
    <div className="wide" role="region" aria-label={section.title} tabIndex={0}>
      <table className="plain-table report-table">
        <thead>
          <tr>
            <th scope="col">What</th>
            {columns.map((label) => <th key={label} scope="col" className={number(label)}>{label}</th>)}
            {why && <th scope="col">Why</th>}
          </tr>
        </thead>
        {groups.map(({ words, rows }, i) => (
          <tbody key={i}>
            {words && <tr><th scope="rowgroup" colSpan={columns.length + 1} className="group">{capital(words)} <span className="soft">{rows.length}</span></th></tr>}
            {rows.map((item) => (
              <tr key={item.key}>
                <th scope="row"><Mark tone={item.tone} /><Title section={section} item={item} /></th>
                {item.figures.map((one) => <td key={one.label} className={number(one.label)}>{one.text}</td>)}
                {why && <td className="note">{item.words}</td>}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Title({ section, item }: { section: ReportSection; item: ReportItem }) {
  const symbol = symbolOf(section, item);
  if (!symbol) return item.title;
  return <><Link to="/symbols/$ticker" params={{ ticker: symbol }} data-row={`${section.name} ${item.key}`}>{symbol}</Link>{item.title.slice(symbol.length)}</>;
}

function Points({ points }: { points: ReportItem['points'][number] }) {
  const [all, setAll] = useState(false);
  const shown = all ? points.lines : points.lines.slice(0, FIRST_LINES);
  return (
    <div className="report-points">
      {points.title && <h5>{points.title}</h5>}
      <ul>{shown.map((line, i) => <li key={i}>{line}</li>)}</ul>
      {shown.length < points.lines.length && <button type="button" className="plain" onClick={() => setAll(true)}>All {points.lines.length}</button>}
    </div>
  );
}

function Mark({ tone }: { tone: keyof typeof MARKS }) {
  return MARKS[tone] ? <span className={`tone ${tone}`} aria-hidden="true">{MARKS[tone]} </span> : null;
}
