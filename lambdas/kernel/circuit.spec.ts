import { describe, expect, it } from '@jest/globals';
import { Circuit, circuitMs } from './circuit.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

function setUp() {
  const effects = simulatedEffects();
  const { clock } = effects;
  const circuit = new Circuit(effects, 4);
  const wait = (ms: number) => {
    clock.now = new Date(Date.parse(clock.now) + ms).toISOString();
  };
  return { circuit, wait };
}

describe('the circuit of a destination', () => {
  it('allows all attempts at the start and while everything is accepted', () => {
    const { circuit } = setUp();
    expect(circuit.attempts()).toBe(4);
    circuit.record('all');
    expect(circuit.attempts()).toBe(4);
  });

  it('allows no attempt for some seconds after nothing was accepted, then one at a time', () => {
    const { circuit, wait } = setUp();
    circuit.record('none');
    expect(circuit.attempts()).toBe(0);
    wait(circuitMs - 1);
    expect(circuit.attempts()).toBe(0);
    wait(1);
    expect(circuit.attempts()).toBe(1);
    circuit.record('none');
    expect(circuit.attempts()).toBe(0);
    wait(circuitMs);
    circuit.record('all');
    expect(circuit.attempts()).toBe(4);
  });

  it('allows one attempt for some seconds after a part was deferred: retries would delay the other destinations', () => {
    const { circuit, wait } = setUp();
    circuit.record('some');
    expect(circuit.attempts()).toBe(1);
    // Messages of another shard.
    circuit.record('all');
    expect(circuit.attempts()).toBe(1);
    wait(circuitMs);
    expect(circuit.attempts()).toBe(4);
  });
});
