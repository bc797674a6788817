import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatFigure,
  formatResult,
  formatMegabytes,
  formatFinish,
  formatMoment,
  formatPartOfBytes,
  formatNumber,
  formatPercent,
  formatRoughDuration,
  formatTimes,
  formatUncertain,
} from '../../../../src/shared/domain/format.ts';

/** The tests write a tilde where a thin space is meant. */
function thin(text: string): string {
  return text.replaceAll('~', '\u2009');
}

describe('durations', () => {
  it.each<[number | null, string]>([
    [0, '0~s'],
    [-3, '0~s'],
    [0.0001, '1~ms'],
    [0.35, '350~ms'],
    [0.9996, '1~s'],
    [4.23, '4.2~s'],
    [9.97, '10~s'],
    [40, '40~s'],
    [59.6, '1~min'],
    [120, '2~min'],
    [250, '4~min 10~s'],
    [599.7, '10~min'],
    [26 * 60 + 20, '26~min'],
    [3_599, '1~h'],
    [72 * 60, '1~h 12~min'],
    [23 * 3_600 + 59.7 * 60, '1~d'],
    [51 * 3_600, '2~d 3~h'],
    [null, 'not available'],
    [Number.NaN, 'not available'],
  ])('%s', (seconds, expected) => expect(formatDuration(seconds)).toBe(thin(expected)));

  it.each<[number | null, string]>([
    [3, 'a few seconds'],
    [27, 'about 25~s'],
    [57.4, 'about 55~s'],
    [58, 'about 1~min'],
    [250, 'about 4~min'],
    [4_321, 'about 1~h 12~min'],
    [null, 'not available'],
  ])('rough: %s', (seconds, expected) => expect(formatRoughDuration(seconds)).toBe(thin(expected)));
});

describe('sizes', () => {
  it.each<[number | null, string]>([
    [0, '0~B'],
    [1_023, '1,023~B'],
    [12_288, '12~kB'],
    [536 * 2 ** 20, '536~MB'],
    [2.1 * 2 ** 30, '2.1~GB'],
    [64 * 2 ** 30, '64~GB'],
    [1_023.7 * 2 ** 20, '1~GB'],
    [1_234 * 2 ** 30, '1,234~GB'],
    [null, 'not available'],
  ])('%s bytes', (bytes, expected) => expect(formatBytes(bytes)).toBe(thin(expected)));

  it.each([
    [1_020 * 2 ** 20, 23.5 * 2 ** 30, '1.0 of 23.5~GB'],
    [21.4 * 2 ** 30, 64 * 2 ** 30, '21.4 of 64~GB'],
    [12 * 2 ** 20, 512 * 2 ** 20, '12~MB of 512~MB'],
    [null, 64 * 2 ** 30, 'not available'],
  ])('%s bytes of %s', (part, whole, expected) =>
    expect(formatPartOfBytes(part, whole)).toBe(thin(expected)),
  );

  it('tells small megabytes with a decimal', () => expect(formatMegabytes(2.34)).toBe(thin('2.3~MB')));
});

describe('numbers', () => {
  it.each<[number | null, number, string]>([
    [1_069_062, 0, '1,069,062'],
    [1_234.5, 2, '1,234.50'],
    [-1_234, 0, '−1,234'],
    [-0.001, 1, '0.0'],
    [Number.NaN, 0, 'not a number'],
    [Number.NEGATIVE_INFINITY, 0, '−∞'],
    [null, 0, 'not available'],
  ])('%s with %i digits', (value, digits, expected) => expect(formatNumber(value, digits)).toBe(expected));

  it.each<[number, string]>([
    [0, '0'],
    [0.0312, '0.031'],
    [1.234, '1.23'],
    [45.67, '45.7'],
    [12_345.6, '12,346'],
    [0.00012345, '1.23e−4'],
    [2.5e7, '2.50e7'],
  ])('figure %f', (value, expected) => expect(formatFigure(value)).toBe(expected));

  it.each([
    [10, '10'],
    [-3, '−3'],
    [11_255_466, '11,255,466'],
    [10.04, '10.0'],
    [0.98765, '0.988'],
    [null, 'not available'],
  ])('result %s', (value, expected) => expect(formatResult(value)).toBe(expected));

  it.each<[number, number | null, string]>([
    [0.98212, 0.0041, '0.982 ± 0.004'],
    [0.98212, 0.0132, '0.982 ± 0.013'],
    [12.34, 2.4, '12 ± 2'],
    [0.9, null, '0.900'],
    [0.9, 0, '0.900'],
  ])('%f with error %s', (value, error, expected) => expect(formatUncertain(value, error)).toBe(expected));

  it('writes shares, ratios and counts', () => {
    expect(formatPercent(0.634)).toBe(thin('63~%'));
    expect(formatPercent(null)).toBe('not available');
    expect(formatTimes(3.42)).toBe(thin('3.4~×'));
    expect(formatCount(1, 'run')).toBe('1 run');
    expect(formatCount(1_900, 'batch', 'batches')).toBe('1,900 batches');
  });

  it('writes dates in the machine’s time zone', () => {
    const moment = new Date(2026, 10, 23, 9, 5).getTime() / 1_000;
    expect(formatDate(moment)).toBe('23 Nov 2026');
    expect(formatMoment(moment)).toBe('23 Nov 2026, 09:05');
  });

  it('tells when a long batch ends, and of a short one nothing', () => {
    const moment = new Date(2026, 10, 23, 21, 5).getTime() / 1_000;
    expect(formatFinish(moment, 2 * 3_600)).toBe('23:05');
    expect(formatFinish(moment, 3 * 3_600)).toBe('24 Nov 2026, 00:05');
    expect([formatFinish(moment, 599), formatFinish(moment, null), formatFinish(moment, Infinity)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
