/** An estimate over time: a line, and around it the band in which the true value lies with 95 % confidence. */

import { useComputedColorScheme } from '@mantine/core';
import {
  type CustomData, customSeriesDefaultOptions, type CustomSeriesPricePlotValues, type CustomSeriesWhitespaceData, type IChartApi,
  type ICustomSeriesPaneRenderer, type ICustomSeriesPaneView, LineSeries, LineStyle, type PaneRendererCustomData, type Time,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { makeChart, timeOf } from './canvas';

export interface Estimate {
  day: string;
  /** Missing: a gap. */
  value: number | null;
  range: readonly [number, number] | undefined;
}

interface Props {
  points: Estimate[];
  label: string;
  /** The point under the pointer; none when it leaves. */
  onPoint: (index: number | undefined) => void;
}

export function BandChart({ points, label, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (!box.current) return;
    const chart = draw(box.current, points);
    chart.subscribeCrosshairMove(({ logical }) => onPoint(logical == null ? undefined : Math.round(logical)));
    return () => chart.remove();
  }, [points, scheme, onPoint]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

function draw(box: HTMLElement, points: Estimate[]): IChartApi {
  const { chart, colour } = makeChart(box);
  const band = chart.addCustomSeries(new Band(`${colour('--fill')}33`), { priceLineVisible: false, lastValueVisible: false });
  band.setData(points.map(({ day, range }) => (range ? { time: timeOf(day), low: range[0], high: range[1] } : { time: timeOf(day) })));
  const line = chart.addSeries(LineSeries, {
    color: colour('--fill'),
    lineWidth: 2,
    priceLineVisible: false,
    priceFormat: { type: 'price', precision: 2, minMove: 0.01 },
  });
  line.setData(points.map(({ day, value }) => (value == null ? { time: timeOf(day) } : { time: timeOf(day), value })));
  line.createPriceLine({ price: 0, color: colour('--line-strong'), lineWidth: 1, lineStyle: LineStyle.Solid, axisLabelVisible: false, title: '' });
  chart.timeScale().fitContent();
  return chart;
}

interface BandData extends CustomData {
  low: number;
  high: number;
}

/** A filled stretch between two lines; it ends where there is no range. */
class Band implements ICustomSeriesPaneView<Time, BandData> {
  #drawn: PaneRendererCustomData<Time, BandData> | undefined;
  readonly #colour: string;

  constructor(colour: string) {
    this.#colour = colour;
  }

  update(data: PaneRendererCustomData<Time, BandData>): void {
    this.#drawn = data;
  }

  priceValueBuilder({ low, high }: BandData): CustomSeriesPricePlotValues {
    return [low, high, (low + high) / 2];
  }

  isWhitespace(data: BandData | CustomSeriesWhitespaceData<Time>): data is CustomSeriesWhitespaceData<Time> {
    return !('low' in data);
  }

  defaultOptions(): typeof customSeriesDefaultOptions {
    return customSeriesDefaultOptions;
  }

  renderer(): ICustomSeriesPaneRenderer {
    return {
      draw: (target, toY) =>
        target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio: across, verticalPixelRatio: down }) => {
          const { bars = [], barSpacing = 1 } = this.#drawn ?? {};
          const ends = bars.map(({ x, originalData: { low, high } }) => ({ x, low: toY(low) ?? 0, high: toY(high) ?? 0 }));
          context.fillStyle = this.#colour;
          for (const stretch of stretches(ends, barSpacing * 1.5)) {
            context.beginPath();
            for (const { x, high } of stretch) context.lineTo(x * across, high * down);
            for (const { x, low } of stretch.toReversed()) context.lineTo(x * across, low * down);
            context.closePath();
            context.fill();
          }
        }),
    };
  }
}

/** Neighbours closer than `gap`, together. */
export function stretches<T extends { x: number }>(places: T[], gap: number): T[][] {
  const found: T[][] = [];
  for (const place of places) {
    const last = found.at(-1);
    const before = last?.at(-1);
    if (last && before && place.x - before.x <= gap) last.push(place);
    else found.push([place]);
  }
  return found;
}
