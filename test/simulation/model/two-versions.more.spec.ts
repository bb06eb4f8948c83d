import { expect, it } from '@jest/globals';
import { describeWithModelChecker } from '../../support/model-checker.ts';
import { changed, design } from './generation-switch.ts';
import { check, checkTimeoutMs } from './tlc.ts';

describeWithModelChecker('the model of the switch, with two versions', (jar) => {
  it(
    'loses nothing, and no row goes back at the switch',
    () => expect(check(jar, design)).toMatchObject({ violated: undefined, steps: [] }),
    checkTimeoutMs,
  );

  it(
    'gets to its end',
    () => expect(check(jar, changed({}, ['NeverEnds']))).toMatchObject({ violated: 'NeverEnds' }),
    checkTimeoutMs,
  );

  it.each([
    ['without the wait before rows are compared', { Settle: '0' }],
    ['with a wait that is one term too short', { Settle: '2' }],
    ['if comparing catches nothing up', { CatchesUp: 'FALSE' }],
    ['if projectors write without a condition', { Conditional: '{"builder", "comparer"}' }],
  ])(
    'loses an event %s',
    (_, constants) => {
      const { violated, steps } = check(jar, changed(constants, ['NothingLost']));
      expect({ violated, steps }).toEqual({
        violated: 'NothingLost',
        steps: expect.arrayContaining(['Save']),
      });
    },
    checkTimeoutMs,
  );

  it(
    'has a row that goes back if the builder writes over newer rows',
    () => {
      const { violated, steps } = check(jar, changed({ Conditional: '{"projector", "comparer"}' }));
      expect(violated).toBe('RowsGrow');
      expect(steps.at(-1)).toBe('FoldWrite');
    },
    checkTimeoutMs,
  );

  it(
    'has a row that goes back at the switch while a projector is between two generations, or was killed there',
    () =>
      expect(check(jar, changed({}, ['NeverBackAtSwitch']))).toMatchObject({ violated: 'NeverBackAtSwitch' }),
    checkTimeoutMs,
  );
});
