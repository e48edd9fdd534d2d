/** A portfolio over time: its value, or its return beside the benchmark's; how far below its height, underneath. */

import { useComputedColorScheme } from '@mantine/core';
import { AreaSeries, type IChartApi, LineSeries, LineStyle } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { type Canvas, makeChart, timeOf } from './canvas';

export interface PortfolioPoint {
  date: string;
  /** In the base currency. */
  value: number | null;
  /** In percent since the first point. */
  own: number | null;
  benchmark: number | null;
  /** In percent, zero or less. */
  drawdown: number | null;
}

interface Props {
  points: PortfolioPoint[];
  shown: 'value' | 'return';
  label: string;
  /** The point under the pointer; none when it leaves. */
  onPoint: (index: number | undefined) => void;
}

export function PortfolioChart({ points, shown, label, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (!box.current) return;
    const chart = draw(box.current, points, shown);
    chart.subscribeCrosshairMove(({ logical }) => onPoint(logical == null ? undefined : Math.round(logical)));
    return () => chart.remove();
  }, [points, shown, scheme, onPoint]);
  return <div ref={box} className="chart portfolio-chart" role="img" aria-label={label} />;
}

function draw(box: HTMLElement, points: PortfolioPoint[], shown: Props['shown']): IChartApi {
  const canvas = makeChart(box);
  const { chart, colour } = canvas;
  if (shown === 'value') drawValue(canvas, points);
  else drawReturns(canvas, points);
  const below = chart.addSeries(
    AreaSeries,
    {
      lineColor: colour('--minus'),
      topColor: `${colour('--minus')}00`,
      bottomColor: `${colour('--minus')}40`,
      invertFilledArea: true,
      lineWidth: 1,
      priceLineVisible: false,
      priceFormat: percentFormat,
    },
    1,
  );
  below.setData(line(points, (point) => point.drawdown));
  chart.panes()[0]?.setStretchFactor(3);
  chart.panes()[1]?.setStretchFactor(1);
  chart.applyOptions({ layout: { panes: { separatorColor: colour('--line'), enableResize: false } } });
  chart.timeScale().fitContent();
  return chart;
}

function drawValue({ chart, colour }: Canvas, points: PortfolioPoint[]): void {
  const series = chart.addSeries(AreaSeries, {
    lineColor: colour('--fill'),
    topColor: `${colour('--fill')}40`,
    bottomColor: `${colour('--fill')}00`,
    lineWidth: 2,
    priceLineVisible: false,
    priceFormat: { type: 'custom', minMove: 0.01, formatter: (value: number) => short.format(value) },
  });
  series.setData(line(points, (point) => point.value));
}

function drawReturns({ chart, colour }: Canvas, points: PortfolioPoint[]): void {
  const look = { lineWidth: 2, priceLineVisible: false, priceFormat: percentFormat } as const;
  const own = chart.addSeries(LineSeries, { ...look, color: colour('--line-1') });
  own.setData(line(points, (point) => point.own));
  const other = chart.addSeries(LineSeries, { ...look, color: colour('--line-2'), lineStyle: LineStyle.Dashed });
  other.setData(line(points, (point) => point.benchmark));
}

const short = new Intl.NumberFormat('en-GB', { notation: 'compact', minimumSignificantDigits: 4, maximumSignificantDigits: 4 });

const percentFormat = {
  type: 'custom' as const,
  minMove: 0.01,
  formatter: (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)} %`,
};

/** Where there is no value: a gap. */
function line(points: PortfolioPoint[], of: (point: PortfolioPoint) => number | null) {
  return points.map((point) => {
    const value = of(point);
    return value == null ? { time: timeOf(point.date) } : { time: timeOf(point.date), value };
  });
}
