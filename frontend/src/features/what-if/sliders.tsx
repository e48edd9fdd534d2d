import { Slider } from '@mantine/core';
import { signed, words } from '@/lib/format';
import { percents, type Weights } from './weights';

interface Props {
  weights: Weights;
  own: Weights;
  onChange: (weights: Weights) => void;
}

/** A slider for every factor. What counts is their proportion, so the shares are shown, which add up to 100 %. */
export function Sliders({ weights, own, onChange }: Props) {
  const share = percents(weights);
  const before = percents(own);
  return (
    <div className="sliders">
      {Object.entries(weights).map(([name, size]) => {
        const [now, was] = [share?.[name] ?? 0, before?.[name] ?? 0];
        const points = now - was;
        return (
          <div key={name} className="slider">
            <span className="slider-name">{words(name)}</span>
            <span className="slider-share">
              <b>{share ? `${now} %` : '–'}</b>
              <span className="note">{points === 0 ? `as before` : `${signed(points, 0)} points`}</span>
            </span>
            <Slider
              value={size}
              onChange={(value) => onChange({ ...weights, [name]: value })}
              min={0}
              max={100}
              step={1}
              label={null}
              size="sm"
              marks={[{ value: own[name] ?? 0 }]}
              thumbLabel={`Weight of ${words(name)}`}
              thumbProps={{ 'aria-valuetext': share ? `${now} % of the whole` : String(size) }}
            />
          </div>
        );
      })}
    </div>
  );
}
