/** A symbol's rank (1 on top) or score over time. */

import { useComputedColorScheme } from '@mantine/core';
import { type IChartApi, LineSeries, LineType } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { makeChart, timeOf } from './canvas';

export interface Point {
  day: string;
  value: number | null;
}

interface Props {
  points: Point[];
  shown: 'rank' | 'score';
  /** The lowest place there can be, for the scale of ranks. */
  places: number;
  label: string;
}

export function RankHistoryChart({ points, shown, places, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');

  useEffect(() => {
    if (!box.current) return;
    const chart = draw(box.current, points, shown, places);
    return () => chart.remove();
  }, [points, shown, places, scheme]);

  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

function draw(box: HTMLElement, points: Point[], shown: Props['shown'], places: number): IChartApi {
  const ranks = shown === 'rank';
  const { chart, colour } = makeChart(box, { rightPriceScale: { invertScale: ranks } });
  const line = chart.addSeries(LineSeries, {
    color: colour('--fill'),
    lineWidth: 2,
    lineType: ranks ? LineType.WithSteps : LineType.Simple,
    priceLineVisible: false,
    lastValueVisible: true,
    priceFormat: ranks ? rankFormat : { type: 'price', precision: 1, minMove: 0.1 },
    autoscaleInfoProvider: () => ({ priceRange: ranks ? { minValue: 1, maxValue: Math.max(places, 2) } : { minValue: 0, maxValue: 100 } }),
  });
  // Unranked: a gap.
  line.setData(points.map(({ day, value }) => (value == null ? { time: timeOf(day) } : { time: timeOf(day), value })));
  chart.timeScale().fitContent();
  return chart;
}

const rankFormat = {
  type: 'custom' as const,
  minMove: 1,
  formatter: (value: number) => (Number.isInteger(value) && value > 0 ? `#${value}` : ''),
};
