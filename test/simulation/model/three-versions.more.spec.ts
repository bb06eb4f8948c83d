import { expect, it } from '@jest/globals';
import { describeWithModelChecker } from '../../support/model-checker.ts';
import { changed, design } from './generation-switch.ts';
import { check, checkTimeoutMs } from './tlc.ts';

const threeVersions = { Last: '3' };

describeWithModelChecker('the model of the switch, with three versions', (jar) => {
  it(
    'loses nothing, and no row goes back at the switch',
    () => expect(check(jar, changed(threeVersions))).toMatchObject({ violated: undefined, steps: [] }),
    checkTimeoutMs,
  );

  it(
    'has a row that goes back if a projector does not lead the other generations',
    () =>
      expect(check(jar, changed({ ...threeVersions, LeadsOthers: 'FALSE' }))).toMatchObject({
        violated: 'NotBackAtSwitch',
      }),
    checkTimeoutMs,
  );

  it(
    'has a row that goes back if comparing writes without a condition',
    () =>
      expect(check(jar, changed({ Conditional: '{"projector", "builder"}' }))).toMatchObject({
        violated: 'NotBackAtSwitch',
      }),
    checkTimeoutMs,
  );

  it(
    'shows an older row to a reader that has cached the old generation, because the log is read to its end',
    () => {
      const invariants = [...design.invariants, 'NotBackForCachedReaders'];
      expect(check(jar, changed(threeVersions, invariants))).toMatchObject({
        violated: 'NotBackForCachedReaders',
      });
      expect(check(jar, changed({ ...threeVersions, ReadsToEnd: 'FALSE' }, invariants))).toMatchObject({
        violated: undefined,
      });
    },
    2 * checkTimeoutMs,
  );
});
