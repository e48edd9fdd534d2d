/** A score of the days so far and of the coming ones, over evenly running time, with the lines that it may cross. */

import { useComputedColorScheme } from '@mantine/core';
import { LineSeries, LineStyle } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { calendarDays } from '@/lib/day-series';
import { makeChart, timeOf } from './canvas';

interface Point {
  date: string;
  value: number;
}

interface Props {
  past: Point[];
  coming: Point[];
  /** Named heights. */
  lines: { name: string; value: number }[];
  label: string;
}

const LEAST = 40; // so that a small score does not look like a large one
const ABOVE = 8;

export function ScoreChart({ past, coming, lines, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (!box.current) return;
    const { chart, colour } = makeChart(box.current, { rightPriceScale: { scaleMargins: { top: 0.04, bottom: 0 } } });
    const most = Math.max(LEAST, ...[...past, ...coming].map((point) => point.value + ABOVE));
    const look = {
      color: colour('--line-1'),
      lineWidth: 2 as const,
      priceLineVisible: false,
      priceFormat: { type: 'custom' as const, minMove: 0.1, formatter: (value: number) => value.toFixed(1) },
      autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: most } }),
    };
    const time = chart.addSeries(LineSeries, { ...look, lastValueVisible: false, crosshairMarkerVisible: false });
    time.setData(calendarDays([...past, ...coming]).map((day) => ({ time: timeOf(day) })));
    const before = chart.addSeries(LineSeries, { ...look, lastValueVisible: false, pointMarkersVisible: past.length < 20 });
    before.setData(past.map(({ date, value }) => ({ time: timeOf(date), value })));
    const after = chart.addSeries(LineSeries, { ...look, lineStyle: LineStyle.Dashed, lastValueVisible: false });
    after.setData(coming.map(({ date, value }) => ({ time: timeOf(date), value })));
    for (const line of lines.filter(({ value }) => value <= most)) {
      after.createPriceLine({ price: line.value, color: colour('--line-strong'), lineWidth: 1, lineStyle: LineStyle.Dotted, axisLabelVisible: true, title: line.name });
    }
    chart.timeScale().fitContent();
    return () => chart.remove();
  }, [past, coming, lines, scheme]);
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}
