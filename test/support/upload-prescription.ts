import { expect } from '@jest/globals';
import type { Host } from '../../tools/host/host.ts';

/** Uploads a prescription of one drug, as text, for a dispense. */
export async function uploadPrescription({ httpUrl }: Host, dispense: unknown): Promise<void> {
  const upload = await fetch(`${httpUrl}/dispenses/${dispense}/prescription`, {
    method: 'PUT',
    headers: { 'content-type': 'text/plain' },
    body: 'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days\n',
  });
  expect(upload.status).toBe(200);
}
