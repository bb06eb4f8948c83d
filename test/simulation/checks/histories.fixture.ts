import {
  addDrugs,
  addPage,
  addPatient,
  addSeenDrugs,
  archive,
  close,
  confirm,
  create,
  credit,
  debit,
  dispense,
  open,
  record,
  setTarget,
  transfer,
  upload,
} from './commands.fixture.ts';
import { type History, SequentialHistory } from './sequential-history.fixture.ts';

/** A small history of accounts, with everything that the checks read. */
export function accounts(): History {
  const history = new SequentialHistory();
  history.do(open('a', 'EUR', '10'), { key: 'k0' });
  history.do(credit('a', '34.5'), { key: 'k1', lostAnswers: 1 });
  history.do(open('b', 'EUR'), { key: 'k2' });
  history.do(transfer('a', 'b', '4.5'), { key: 'k3', lostAnswers: 1 });
  history.do(debit('b', '100'), { key: 'k4' });
  history.askAllAccounts();
  history.do(credit('c', '1'), { key: 'k5' });
  history.do(debit('a', '2'), { key: 'k6', expectedVersion: 3 });
  history.do(debit('a', '2'), { key: 'k7', expectedVersion: 3 });
  history.do(credit('a', '9'), { misusesKeyOf: 1 });
  history.do(debit('c', '1'), { key: 'k8' });
  history.do(close('c'));
  history.do(credit('c', '5'));
  history.again(3);
  history.read('ledger', 'a', true);
  history.read('ledger', 'b');
  history.read('ledger', 'nobody', true);
  history.askPast('ledger', 'a', 2);
  history.askPast('ledger', 'a', 99);
  history.noteProgress();
  history.askAllAccounts();
  return history.recorded(['g1', 'g2']);
}

/** A dispense whose prescription is replaced, and gets a page. Drugs that were added after seeing the reading confirm it. */
function review(history: SequentialHistory): void {
  const result = (uploadEventId: string, trusted: boolean, ...names: readonly string[]) => ({
    type: 'Dispense:PrescriptionAnalyzed',
    data: { uploadEventId, trusted, drugs: names.map((name) => ({ name })) },
  });
  history.do(dispense('e', 'start'));
  history.do(addPage('e', 'plain'));
  history.do(upload('e', 'blank'));
  history.react('dispense/e', { type: 'Dispense:AnalysisFailed', data: { uploadEventId: 'dispense/e-2' } });
  history.do(upload('e', 'plain'));
  history.react('dispense/e', result('dispense/e-4', true, 'plain'));
  history.do(addPage('e', 'doubtful'));
  history.do(addSeenDrugs('e', 'dispense/e-4', 'Ibuprofen'));
  history.react('dispense/e', result('dispense/e-6', false, 'plain', 'doubtful'));
  history.do(addSeenDrugs('e', 'dispense/e-6', 'Ibuprofen'));
  history.do(confirm('e', 'dispense/e-6'));
  history.do(addPatient('e'));
  history.do(dispense('e', 'complete'));
}

/** A small history of metrics and dispenses, with what automations did. */
export function work(): History {
  const history = new SequentialHistory();
  const inMs = (ms: number) => new Date(history.nowMs + ms).toISOString();
  history.do(create('m'), { key: 'k0' });
  history.do(record('m', 5, 4));
  history.do(setTarget('m', 10, inMs(3_600_000), 'at-least'));
  history.do(record('m', 9, 12, 13));
  history.do(setTarget('m', 1, inMs(-1), 'at-most'));
  history.do(create('n'), { key: 'k5' });
  const deadline = inMs(10_000);
  history.do(setTarget('n', 3, deadline, 'at-most'));
  history.do(record('n', 4));
  history.read('metrics', 'n');
  history.nowMs += 20_000;
  history.do(record('n', 5));
  history.react('metrics/n', { type: 'Metric:Expired', data: { target: 3, deadline } });
  history.do(archive('m'), { key: 'k9', lostAnswers: 1 });
  history.do(record('m', 1));
  history.do(dispense('d', 'start'));
  history.do(upload('d', 'doubtful'));
  history.do(dispense('d', 'complete'));
  const result = { uploadEventId: 'dispense/d-2', trusted: false, drugs: [{ name: 'doubtful' }] };
  history.react('dispense/d', { type: 'Dispense:PrescriptionAnalyzed', data: result });
  history.do(dispense('d', 'complete'));
  history.do(addPatient('d'));
  history.do(addDrugs('d', 'Ibuprofen'), { key: 'k18' });
  history.read('dispense', 'd');
  history.do(dispense('d', 'complete'), { expectedVersion: 2 });
  history.do(confirm('d', 'dispense/d-1'));
  history.do(confirm('d', 'dispense/d-2'));
  history.do(dispense('d', 'complete'));
  history.do(dispense('d', 'cancel'));
  review(history);
  history.read('metrics', 'm', true);
  history.read('dispense', 'd', true);
  history.noteProgress();
  return history.recorded(['g2', 'g1']);
}
