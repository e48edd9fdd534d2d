/** A symbol's rank (1 on top) or score over time. */

import { useComputedColorScheme } from '@mantine/core';
import { createChart, type IChartApi, LineSeries, LineType, type UTCTimestamp } from 'lightweight-charts';
import { useEffect, useRef } from 'react';

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
  const colour = (name: string): string => getComputedStyle(box).getPropertyValue(name).trim();
  const ranks = shown === 'rank';
  const chart = createChart(box, {
    autoSize: true,
    layout: {
      attributionLogo: false, // the page's foot names it, with its link
      background: { color: colour('--card') },
      textColor: colour('--soft'),
      fontFamily: getComputedStyle(box).fontFamily,
      fontSize: 12,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colour('--line') } },
    rightPriceScale: { invertScale: ranks, borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.08 } },
    timeScale: { borderColor: colour('--line'), fixLeftEdge: true, fixRightEdge: true },
    crosshair: { horzLine: { labelBackgroundColor: colour('--accent') }, vertLine: { labelBackgroundColor: colour('--accent') } },
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false, axisPressedMouseMove: false },
    localization: { locale: 'en-GB', dateFormat: 'd MMM yyyy' },
  });
  const line = chart.addSeries(LineSeries, {
    color: colour('--fill'),
    lineWidth: 2,
    lineType: ranks ? LineType.WithSteps : LineType.Simple,
    priceLineVisible: false,
    lastValueVisible: true,
    priceFormat: ranks
      ? { type: 'custom', minMove: 1, formatter: (value: number) => (Number.isInteger(value) ? `#${value}` : '') }
      : { type: 'price', precision: 1, minMove: 0.1 },
    autoscaleInfoProvider: () => ({
      priceRange: ranks ? { minValue: 1, maxValue: Math.max(places, 2) } : { minValue: 0, maxValue: 100 },
    }),
  });
  line.setData(
    points.map(({ day, value }) => {
      const time = (Date.parse(day) / 1000) as UTCTimestamp;
      return value == null ? { time } : { time, value }; // unranked: a gap
    }),
  );
  chart.timeScale().fitContent();
  return chart;
}
