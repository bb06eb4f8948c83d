import { describe, expect, it } from '@jest/globals';
import { isTrusted } from './is-trusted.fixture.ts';
import { readPrescription } from './read-prescription.ts';
import { documentOf } from './text-document.fixture.ts';

const lines = [
  'Amoxicillin 500 mg capsules, 21, take one three times daily for 7 days',
  'Methotrexate 2.5 mg tablets, 24, take 6 tablets (15 mg) by mouth ONCE A WEEK on Mondays',
  'Paracetamol 500 mg tablets, 100, take two tablets up to four times a day when required for pain, maximum 8 tablets in 24 hours',
  'Amoxicillin 250 mg/5 ml oral suspension, 100 ml, give 5 ml three times a day for 7 days',
  'Salbutamol 100 micrograms/dose inhaler, 1, inhale 2 puffs when required',
  'Prednisolone 5 mg tablets, 60, take 6 tablets daily for 5 days then reduce by one tablet every day until finished',
  'Hydrocortisone 1% cream, 15 g, apply thinly to the affected area twice a day, close to bedtime',
  'Insulin glargine 100 units/mL pen, inject 10 units once daily at night, do not drive',
  'Alendronic acid 70 mg tablets, 4, take one tablet once a week, swallow whole with a glass of water, stay upright',
  'Co-codamol 30/500 tablets, 100, take one or two every four to six hours when required, max 8 in 24 hours',
  'Fentanyl 25 micrograms/hour patches, 5, apply one patch and change every 72 hours',
  'oxyCODONE-acetaminophen (PERCOCET) 5-325 mg per tablet, Disp-20 tablet, R-0, take 1-2 tablets by mouth every 4 (four) hours as needed for severe pain. Max daily amount: 8 tablets',
  'Colecalciferol 50 000 IU capsules, 4, take one weekly',
  'Metformin 500 mg tablets Qty: 56 Refills: 3 Sig: take 1 tablet twice daily with food',
  'Levothyroxine 50 micrograms tablets, 28, take one each day in the morning before breakfast',
];

/** The drugs without the punctuation at the places where directions were put together. */
const drugsOf = (text: string) => {
  const reading = readPrescription(documentOf(text));
  const drugs = reading.drugs.map(({ name, strength, form, quantity, directions }) =>
    [name, strength, form, quantity, directions?.replace(/[ ,.;]+/g, ' ').trim()].join(' | '),
  );
  return { drugs, isTrusted: isTrusted(reading) };
};

/** The text with a line end instead of each space, and with two of them. */
function* wrapped(line: string): Generator<string> {
  const words = line.split(' ');
  for (const indent of ['\n', '\n   ']) {
    for (let first = 1; first < words.length; first += 1) {
      const head = words.slice(0, first).join(' ');
      yield head + indent + words.slice(first).join(' ');
      for (let second = first + 1; second < words.length; second += 5) {
        yield head + indent + words.slice(first, second).join(' ') + indent + words.slice(second).join(' ');
      }
    }
  }
}

describe('a line that wraps anywhere', () => {
  it.each(lines)('is read like the whole line, or a person must look: %s', (line) => {
    const whole = drugsOf(line);
    expect(whole.isTrusted).toBe(true);
    let [all, trusted] = [0, 0];
    for (const text of wrapped(line)) {
      const read = drugsOf(text);
      all += 1;
      if (!read.isTrusted) continue;
      trusted += 1;
      expect([text, read.drugs]).toEqual([text, whole.drugs]);
    }
    // Always asking is no answer.
    expect(trusted).toBeGreaterThan(all * 0.7);
  });
});
