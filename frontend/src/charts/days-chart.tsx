/** Figures of days over evenly running time: a line only where somebody looked, bars below or instead. */

import { useComputedColorScheme } from '@mantine/core';
import { HistogramSeries, LineSeries, LineType } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { calendarDays, type DayPoint } from '@/lib/day-series';
import { type Canvas, makeChart, timeOf } from './canvas';

export interface DaysLine {
  /** Its stretches; between them is a gap. */
  stretches: DayPoint[][];
  /** The name of a colour of the page. */
  colour: string;
}

interface Props {
  /** Every observed day that is drawn, with a figure or without. */
  days: DayPoint[];
  line?: DaysLine;
  bars?: DayPoint[];
  say: (value: number) => string;
  /** Ranks: 1 is on top, down to so many. */
  places?: number;
  label: string;
  small?: boolean;
  /** The day under the pointer; none when it leaves. */
  onPoint?: (day: string | undefined) => void;
}

export function DaysChart({ days, line, bars, say, places, label, small, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (!box.current) return;
    const all = calendarDays(days);
    const canvas = makeChart(box.current, {
      rightPriceScale: { entireTextOnly: true, invertScale: places !== undefined, scaleMargins: { top: 0.1, bottom: bars ? 0 : 0.1 } },
    });
    const format = { type: 'custom' as const, minMove: places === undefined ? 0.01 : 1, formatter: say };
    keepTime(canvas, all, format);
    if (bars) drawBars(canvas, bars, format);
    if (line) drawLine(canvas, line, format, places);
    canvas.chart.timeScale().fitContent();
    canvas.chart.subscribeCrosshairMove(({ logical }) => onPoint?.(logical == null ? undefined : all[Math.round(logical)]));
    return () => canvas.chart.remove();
  }, [days, line, bars, say, places, scheme, onPoint]);
  return <div ref={box} className={small ? 'chart small' : 'chart'} role="img" aria-label={label} />;
}

type Format = { type: 'custom'; minMove: number; formatter: (value: number) => string };

/** Days without figures take their room, too; the scale is written as its first series is. */
function keepTime({ chart }: Canvas, all: string[], priceFormat: Format): void {
  const none = chart.addSeries(LineSeries, { priceFormat, lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false });
  none.setData(all.map((day) => ({ time: timeOf(day) })));
}

/** A series a stretch: one series would draw its line on across a gap. A day alone is a dot. */
function drawLine({ chart, colour }: Canvas, { stretches, colour: name }: DaysLine, format: Format, places?: number): void {
  stretches.forEach((points, i) => {
    const alone = points.length === 1;
    const series = chart.addSeries(LineSeries, {
      color: colour(name),
      lineWidth: 2,
      lineType: places === undefined ? LineType.Simple : LineType.WithSteps,
      pointMarkersVisible: alone,
      pointMarkersRadius: 3,
      priceLineVisible: false,
      lastValueVisible: i === stretches.length - 1,
      priceFormat: format,
      ...(places !== undefined && { autoscaleInfoProvider: () => ({ priceRange: { minValue: 1, maxValue: Math.max(places, 2) } }) }),
    });
    series.setData(points.map(({ date, value }) => ({ time: timeOf(date), value: value ?? 0 })));
  });
}

function drawBars({ chart, colour }: Canvas, bars: DayPoint[], format: Format): void {
  const series = chart.addSeries(HistogramSeries, {
    color: colour('--line-strong'), // a day is a hair's breadth where many are shown
    priceFormat: format,
    priceLineVisible: false,
    lastValueVisible: false,
  });
  series.setData(bars.flatMap(({ date, value }) => (value == null ? [] : [{ time: timeOf(date), value }])));
}
