import { expect, test } from 'vitest';
import { calendarDays, daysBetween, stretches } from './day-series';

const point = (date: string, value: number | null) => ({ date, value });

test('a line goes over a week and breaks behind it', () => {
  const week = [point('2026-01-01', 5), point('2026-01-08', 6)];
  expect(stretches(week)).toEqual([week]);
  expect(stretches([point('2026-01-01', 5), point('2026-01-09', 6)])).toHaveLength(2);
});

test('a day without a figure is no point, and does not bridge a gap', () => {
  const found = stretches([point('2026-01-01', 5), point('2026-01-05', null), point('2026-01-09', 6), point('2026-01-10', 0)]);
  expect(found.map((one) => one.map(({ value }) => value))).toEqual([[5], [6, 0]]);
  expect(stretches([point('2026-01-01', null)])).toEqual([]);
});

test('another beginning of an index is a line of its own', () => {
  const rows = [{ ...point('2026-01-01', 100), base: 'a' }, { ...point('2026-01-02', 101), base: 'a' }, { ...point('2026-01-03', 99), base: 'b' }];
  expect(stretches(rows, (a, b) => a.base !== b.base).map((one) => one.length)).toEqual([2, 1]);
});

test('time runs over every day of the calendar, over months, leap days and changes of the clock', () => {
  expect(calendarDays([point('2024-02-27', 1), point('2024-03-01', 1)])).toEqual(['2024-02-27', '2024-02-28', '2024-02-29', '2024-03-01']);
  expect(calendarDays([point('2026-03-28', 1), point('2026-03-30', 1)])).toHaveLength(3);
  expect(calendarDays([])).toEqual([]);
  expect(daysBetween('2025-12-31', '2026-01-01')).toBe(1);
});
