import { expect, test } from 'vitest';
import { actionWords, holdingWords, reportWords, sweepOrder } from './sweepOrders';
import type { OperationsApi } from './operationsApi';
import type { SweepReport } from './model';

const report: SweepReport = {
  total: 1200,
  active: 40,
  completed: 1100,
  failed: 50,
  cancelled: 10,
  touchedCount: 2,
  touched: [{ job: 'a', action: 'fail', reason: 'passed over' }],
};

test('A sweep that was tried out says that nothing was changed', () => {
  expect(reportWords(report, true)).toBe('A sweep would touch 2 of 1,200 jobs. Nothing was changed.');
  expect(reportWords(report, false)).toBe('The sweep touched 2 of 1,200 jobs.');
  expect(reportWords({ ...report, touchedCount: 0 }, true)).toBe('Nothing is stuck among 1,200 jobs.');
});

test('What the store holds is told in counts, and an action that is not known by its name', () => {
  expect(holdingWords(report)).toBe('40 active, 1,100 completed, 50 failed, 10 cancelled.');
  expect(actionWords('let-in')).toBe('would be let into the line');
  expect(actionWords('newer')).toBe('newer');
});

test('The order sweeps for real', async () => {
  const asked: boolean[] = [];
  const api = {
    sweep: (isDryRun: boolean) => {
      asked.push(isDryRun);
      return Promise.resolve(report);
    },
  } as unknown as OperationsApi;

  expect(await sweepOrder(api).act()).toBe('The sweep touched 2 of 1,200 jobs.');
  expect(asked).toEqual([false]);
});
