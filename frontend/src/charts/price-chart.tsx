/** Prices over time with their volume: a line, or candles where there are few. */

import { useComputedColorScheme } from '@mantine/core';
import { AreaSeries, CandlestickSeries, HistogramSeries, type IChartApi } from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { type Canvas, makeChart, timeOf } from './canvas';

export interface PriceBar {
  date: string;
  open: number | null;
  high: number | null;
  low: number | null;
  close: number;
  volume: number | null;
}

interface Props {
  bars: PriceBar[];
  candles: boolean;
  label: string;
  /** The bar under the pointer; none when it leaves. */
  onPoint: (index: number | undefined) => void;
}

export function PriceChart({ bars, candles, label, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');

  useEffect(() => {
    if (!box.current) return;
    const chart = draw(box.current, bars, candles);
    chart.subscribeCrosshairMove(({ logical }) => onPoint(logical == null ? undefined : Math.round(logical)));
    return () => chart.remove();
  }, [bars, candles, scheme, onPoint]);

  return <div ref={box} className="chart tall" role="img" aria-label={label} />;
}

function draw(box: HTMLElement, bars: PriceBar[], candles: boolean): IChartApi {
  const canvas = makeChart(box, { rightPriceScale: { scaleMargins: { top: 0.06, bottom: 0.24 } } });
  drawVolume(canvas, bars);
  if (candles) drawCandles(canvas, bars);
  else drawLine(canvas, bars);
  canvas.chart.timeScale().fitContent();
  return canvas.chart;
}

function drawLine({ chart, colour }: Canvas, bars: PriceBar[]): void {
  const line = chart.addSeries(AreaSeries, {
    lineColor: colour('--fill'),
    topColor: `${colour('--fill')}40`,
    bottomColor: `${colour('--fill')}00`,
    lineWidth: 2,
    priceLineVisible: false,
    priceFormat: { type: 'price', precision: 2, minMove: 0.01 },
  });
  line.setData(bars.map((bar) => ({ time: timeOf(bar.date), value: bar.close })));
}

/** Hollow when the close is above the open, filled when below: the colour only repeats it. */
function drawCandles({ chart, colour }: Canvas, bars: PriceBar[]): void {
  const series = chart.addSeries(CandlestickSeries, {
    upColor: colour('--card'),
    borderUpColor: colour('--up'),
    wickUpColor: colour('--up'),
    downColor: colour('--down'),
    borderDownColor: colour('--down'),
    wickDownColor: colour('--down'),
    priceLineVisible: false,
  });
  series.setData(
    bars.map(({ date, open, high, low, close }) => ({
      time: timeOf(date),
      open: open ?? close,
      high: high ?? close,
      low: low ?? close,
      close,
    })),
  );
}

function drawVolume({ chart, colour }: Canvas, bars: PriceBar[]): void {
  if (!bars.some((bar) => bar.volume)) return;
  const series = chart.addSeries(HistogramSeries, {
    color: colour('--volume'),
    priceFormat: { type: 'volume' },
    priceScaleId: 'volume',
    priceLineVisible: false,
    lastValueVisible: false,
  });
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  series.setData(bars.map((bar) => ({ time: timeOf(bar.date), value: bar.volume ?? 0 })));
}
