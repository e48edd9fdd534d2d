/** What all charts share: colours of the page, no motion that nobody asked for. */

import { type ChartOptions, createChart, type DeepPartial, type IChartApi, type UTCTimestamp } from 'lightweight-charts';

export interface Canvas {
  chart: IChartApi;
  /** A colour of the page by the name of its variable. */
  colour: (name: string) => string;
}

export function makeChart(box: HTMLElement, options: DeepPartial<ChartOptions> = {}): Canvas {
  const style = getComputedStyle(box);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const chart = createChart(box, {
    autoSize: true,
    layout: {
      attributionLogo: false, // the page's foot names it, with its link
      background: { color: colour('--card') },
      textColor: colour('--soft'),
      fontFamily: style.fontFamily,
      fontSize: 12,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colour('--line') } },
    timeScale: { borderColor: colour('--line'), fixLeftEdge: true, fixRightEdge: true },
    crosshair: { horzLine: { labelBackgroundColor: colour('--accent') }, vertLine: { labelBackgroundColor: colour('--accent') } },
    // A wheel over the chart scrolls the page, as it does everywhere else.
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false, axisPressedMouseMove: false },
    localization: { locale: 'en-GB', dateFormat: 'd MMM yyyy' },
    ...options,
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.08 }, ...options.rightPriceScale },
  });
  return { chart, colour };
}

export function timeOf(day: string): UTCTimestamp {
  return (Date.parse(day) / 1000) as UTCTimestamp;
}
