import { useQuery } from '@tanstack/react-query';
import { type Model, modelQuery } from '@/api/agents';
import { counted, decimals, shortDate } from '@/lib/format';
import { ErrorBox, Waiting } from '@/ui/states';
import { nightName, shareOfBudget, standingOf } from './model-words';

/** The language model that may add words to opinions: what is set, and what the last nights took. */
export function ModelSection() {
  const asked = useQuery(modelQuery);
  const model = asked.data;
  return (
    <section className="card" aria-labelledby="language-model">
      <h2 id="language-model">Language model {model && <State model={model} />}</h2>
      <p className="about">It may add a text to an opinion, and every figure in it is checked. It has no vote: the desk works by its rules, with or without one.</p>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={2} height={40} />}
      {model && !model.configured && (
        <p className="note">
          {model.mode === 'off' && model.model ? <><code>PACESETTER_LLM_MODE</code> says off; without it, {model.model} is asked again.</> : <NoneYet />}
        </p>
      )}
      {model?.configured && <Facts model={model} />}
      {model && model.nights.length > 0 && <Nights model={model} />}
    </section>
  );
}

const NoneYet = () => (
  <>
    To have one, set <code>PACESETTER_LLM_URL</code> and <code>PACESETTER_LLM_MODEL</code> where the server starts: one on your own machine will do. Then <code>pacesetter llm try</code> asks it once.
  </>
);

function State({ model }: { model: Model }) {
  const [mark, tone, said] = standingOf(model);
  return <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {said}</span>;
}

function Facts({ model }: { model: Model }) {
  const price = model.price_per_million_tokens;
  return (
    <dl className="facts-list">
      <div><dt>Model</dt><dd>{model.model ?? 'the one that the endpoint chooses'}</dd></div>
      {model.url && <div><dt>Endpoint</dt><dd className="file"><code>{model.url}</code>, {model.key_set ? 'with a key' : 'without a key'}</dd></div>}
      <div><dt>Budget</dt><dd>{counted(model.budget_per_night, 'token')} a night{price !== null && `, at ${price} a million`}; at most {decimals(model.timeout_seconds, 0)} s an answer</dd></div>
      <div><dt>Kept</dt><dd>{counted(model.recorded_answers, 'answer')}: the same question again costs nothing</dd></div>
    </dl>
  );
}

function Nights({ model }: { model: Model }) {
  const priced = model.nights.some((one) => one.cost !== null);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too
    <div className="wide" role="region" aria-label="What the last nights took" tabIndex={0}>
      <table className="plain-table model-nights">
        <thead>
          <tr>
            <th scope="col">Night</th>
            <th scope="col" className="number">Answers</th>
            <th scope="col" className="number">Failed</th>
            <th scope="col" className="number">Tokens</th>
            <th scope="col" className="phone-gone">Of the budget</th>
            {priced && <th scope="col" className="number">Cost</th>}
          </tr>
        </thead>
        <tbody>
          {model.nights.map((one) => (
            <tr key={one.night}>
              <th scope="row">{nightName(one.night, shortDate)}</th>
              <td className="number">{one.calls - one.failed}</td>
              <td className="number">{one.failed ? <b className="state bad">{one.failed}</b> : '0'}</td>
              <td className="number">{one.tokens.toLocaleString('en-GB')}</td>
              <td className="phone-gone">{one.night !== 'try' && <Budget share={shareOfBudget(one.tokens, model.budget_per_night)} />}</td>
              {priced && <td className="number">{decimals(one.cost, 4)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Budget({ share }: { share: number }) {
  return (
    <span className="budget">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width="100" height="8" />
        <rect className={share >= 100 ? 'minus' : 'plus'} width={Math.min(100, share)} height="8" />
      </svg>
      <span className="note">{decimals(share, 0)} %</span>
    </span>
  );
}
