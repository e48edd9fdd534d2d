/** Several symbols over time: each a colour and a dash of its own, named at its end. */

import { useComputedColorScheme } from '@mantine/core';
import { type IChartApi, LineSeries, LineStyle } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { makeChart, timeOf } from './canvas';

export interface Line {
  name: string;
  points: { date: string; value: number | null }[];
}

interface Props {
  lines: Line[];
  /** `percent`: change since the first day; `score`: 0 to 100; `rank`: 1 on top. */
  unit: 'percent' | 'score' | 'rank';
  label: string;
}

const DASHES = [LineStyle.Solid, LineStyle.Dashed, LineStyle.Dotted, LineStyle.LargeDashed, LineStyle.SparseDotted, LineStyle.Solid];
const FORMATS: Record<Props['unit'], (value: number) => string> = {
  percent: (value) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)} %`,
  score: (value) => value.toFixed(1),
  rank: (value) => (Number.isInteger(value) && value > 0 ? `#${value}` : ''),
};

export function LinesChart({ lines, unit, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (!box.current) return;
    const chart = draw(box.current, lines, unit);
    return () => chart.remove();
  }, [lines, unit, scheme]);
  return <div ref={box} className="chart tall" role="img" aria-label={label} />;
}

function draw(box: HTMLElement, lines: Line[], unit: Props['unit']): IChartApi {
  const { chart, colour } = makeChart(box, { rightPriceScale: { invertScale: unit === 'rank' } });
  lines.forEach(({ name, points }, i) => {
    const series = chart.addSeries(LineSeries, {
      color: colour(`--line-${i + 1}`),
      lineStyle: DASHES[i] ?? LineStyle.Solid,
      lineWidth: 2,
      title: name,
      priceLineVisible: false,
      priceFormat: { type: 'custom', minMove: unit === 'rank' ? 1 : 0.01, formatter: FORMATS[unit] },
    });
    series.setData(points.map(({ date, value }) => (value == null ? { time: timeOf(date) } : { time: timeOf(date), value })));
  });
  chart.timeScale().fitContent();
  return chart;
}
