import { describe, expect, it } from '@jest/globals';
import { keyCacheMs, type StoredKey, type SubjectKey } from '../index.ts';
import { MemoryKeyWrapper, MemorySubjectKeyStore } from '../memory/index.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { CachedSubjectKeys, unwrapsMaxConcurrent } from './cached-subject-keys.ts';
import { cachedKeysMax } from './key-cache.ts';

const name = 'dispense/one';

/** A store that counts its reads. `during`: what happens while a read or a write is on its way. */
class CountingStore extends MemorySubjectKeyStore {
  reads: string[] = [];
  during: () => Promise<void> = async () => undefined;

  override async find(subject: string) {
    const { during } = this;
    this.reads.push(subject);
    const found = await super.find(subject);
    await during();
    return found;
  }

  override async findAll(names: readonly string[]) {
    const { during } = this;
    this.reads.push(...names);
    const found = await super.findAll(names);
    await during();
    return found;
  }

  override async create(subject: string, key: StoredKey) {
    await this.during();
    return super.create(subject, key);
  }
}

/** A key service that counts its calls. */
class CountingWrapper extends MemoryKeyWrapper {
  generated = 0;
  unwrapped = 0;
  readonly plains: Uint8Array[] = [];
  #running = 0;
  mostAtOnce = 0;

  override async generate(subject: string, id: string) {
    this.generated += 1;
    const generated = await super.generate(subject, id);
    this.plains.push(generated.plain);
    return generated;
  }

  override async unwrap(subject: string, id: string, wrapped: Uint8Array) {
    this.unwrapped += 1;
    this.#running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
    const plain = await super.unwrap(subject, id, wrapped);
    this.#running -= 1;
    this.plains.push(plain);
    return plain;
  }
}

function setUp() {
  const effects = simulatedEffects();
  const [store, wrapper] = [new CountingStore(), new CountingWrapper()];
  const pass = (ms: number) => {
    effects.clock.now = new Date(Date.parse(effects.clock.now) + ms).toISOString();
  };
  /** The keys of one process. */
  const inProcess = () => new CachedSubjectKeys({ store, wrapper, effects });
  return { store, wrapper, pass, inProcess, keys: inProcess() };
}

/** Reads what one key has encrypted with another. */
function opensWhatEncrypts(one: SubjectKey | undefined, other: SubjectKey | undefined): unknown {
  const envelope = one?.encrypt(name, { eventId: 'event', path: 'name' }, 'Jane');
  return envelope && other?.decrypt(name, envelope);
}

describe('the keys of subjects', () => {
  it('are created once, and found by every process', async () => {
    const { keys, inProcess, wrapper } = setUp();
    expect(await keys.find(name)).toBeUndefined();
    const created = await keys.create(name);
    const found = await inProcess().find(name);
    expect(opensWhatEncrypts(created, found)).toBe('Jane');
    expect([await keys.find(name), await keys.create(name)]).toEqual([created, created]);
    expect(opensWhatEncrypts(await inProcess().create(name), created)).toBe('Jane');
    expect(wrapper).toMatchObject({ generated: 1, unwrapped: 2 });
  });

  it('are the same for processes that create one at the same time', async () => {
    const { inProcess, wrapper } = setUp();
    const created = await Promise.all([inProcess().create(name), inProcess().create(name)]);
    expect(wrapper.generated).toBe(2);
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    expect(opensWhatEncrypts(created[0], created[1])).toBe('Jane');
  });

  it('are read and created once for callers of one process', async () => {
    const { keys, inProcess, store, wrapper } = setUp();
    await Promise.all(Array.from({ length: 5 }, () => keys.create(name)));
    expect(wrapper).toMatchObject({ generated: 1, unwrapped: 0 });
    store.reads = [];
    const other = inProcess();
    await Promise.all(Array.from({ length: 5 }, () => other.find(name)));
    await Promise.all([other.findAll([name]), other.findAll([name, name])]);
    expect([store.reads, wrapper.unwrapped]).toEqual([[name], 1]);
  });

  it('do not stay in memory as plain data keys', async () => {
    const { keys, inProcess, wrapper } = setUp();
    await keys.create(name);
    await inProcess().find(name);
    await Promise.all([inProcess().create('dispense/two'), inProcess().create('dispense/two')]);
    expect(wrapper.plains).toHaveLength(5);
    for (const plain of wrapper.plains) expect(Buffer.from(plain)).toEqual(Buffer.alloc(32));
  });
});

describe('a destroyed key', () => {
  it('is gone everywhere when the time of the cache has passed', async () => {
    const { keys, inProcess, store, pass } = setUp();
    const [created, other] = [await keys.create(name), inProcess()];
    await other.findAll([name]);
    await store.destroy(name);
    pass(keyCacheMs - 1);
    expect(await keys.find(name)).toBe(created);
    expect((await other.findAll([name])).size).toBe(1);
    pass(1);
    for (const one of [keys, other]) {
      expect(await one.find(name)).toBeUndefined();
      expect(await one.findAll([name])).toEqual(new Map());
    }
  });

  it('is as old as the read of the store, not as its answer', async () => {
    const { keys, inProcess, store, pass } = setUp();
    await keys.create(name);
    store.during = async () => pass(keyCacheMs);
    const [one, other] = [inProcess(), inProcess()];
    expect(await one.find(name)).toBeDefined();
    expect((await other.findAll([name])).size).toBe(1);
    store.during = async () => undefined;
    await store.destroy(name);
    for (const each of [one, other]) expect(await each.find(name)).toBeUndefined();
  });

  it('is gone after the clock was set back', async () => {
    const { keys, store, pass } = setUp();
    await keys.create(name);
    await store.destroy(name);
    pass(-1);
    expect(await keys.find(name)).toBeUndefined();
  });

  it('is not answered by a read that began before the function was frozen', async () => {
    const { keys, inProcess, store, pass } = setUp();
    await keys.create(name);
    const { promise: answer, resolve: thaw } = Promise.withResolvers<void>();
    const other = inProcess();
    store.during = () => answer;
    const before = other.find(name);
    await store.destroy(name);
    pass(keyCacheMs);
    store.during = async () => undefined;
    expect(await other.find(name)).toBeUndefined();
    thaw();
    await before;
    expect(await other.find(name)).toBeUndefined();
  });
});

describe('the cache of keys', () => {
  it('does not keep that a key is missing', async () => {
    const { keys, inProcess } = setUp();
    expect([await keys.find(name), await keys.findAll([name])]).toEqual([undefined, new Map()]);
    await inProcess().create(name);
    expect(await keys.find(name)).toBeDefined();
  });

  it('does not answer "missing" by a read that began before the call', async () => {
    const { keys, inProcess, store } = setUp();
    const { promise: answer, resolve: arrive } = Promise.withResolvers<void>();
    store.during = () => answer;
    const early = keys.find(name);
    store.during = async () => undefined;
    await inProcess().create(name);
    store.reads = [];
    const late = [keys.find(name), keys.find(name)];
    arrive();
    expect(await early).toBeUndefined();
    for (const found of late) expect(await found).toBeDefined();
    expect(store.reads).toEqual([name]);
  });

  it('does not keep a failure', async () => {
    const { keys, inProcess, store } = setUp();
    await inProcess().create(name);
    store.during = async () => {
      throw new Error('down');
    };
    const failing = [keys.find(name), keys.find(name), keys.findAll([name]), keys.create('dispense/two')];
    for (const one of failing) await expect(one).rejects.toThrow('down');
    store.during = async () => undefined;
    expect(await keys.find(name)).toBeDefined();
    expect(await keys.create('dispense/two')).toBeDefined();
  });

  it('keeps the keys that were used last, and no more than its maximum', async () => {
    const { keys, inProcess, store } = setUp();
    const names = Array.from({ length: cachedKeysMax + 1 }, (_, index) => `dispense/${index}`);
    const [first = '', second = '', ...rest] = names;
    const writer = inProcess();
    for (const one of names) await writer.create(one);
    await keys.findAll([first, second]);
    await keys.find(first);
    await keys.findAll(rest);
    store.reads = [];
    await keys.findAll(names);
    expect(store.reads).toEqual([second]);
  });
});

describe('the keys of many subjects', () => {
  it('are those that exist, each read once, with bounded calls of the key service', async () => {
    const { keys, inProcess, store, wrapper } = setUp();
    const names = Array.from({ length: 100 }, (_, index) => `dispense/${index}`);
    const writer = inProcess();
    for (const one of names) await writer.create(one);
    store.reads = [];
    const found = await keys.findAll([...names, 'dispense/absent', ...names]);
    expect([...found.keys()].sort()).toEqual([...names].sort());
    expect(store.reads).toHaveLength(101);
    expect(wrapper.unwrapped).toBe(100);
    expect(wrapper.mostAtOnce).toBeLessThanOrEqual(unwrapsMaxConcurrent);
    expect(wrapper.mostAtOnce).toBeGreaterThan(1);
  });

  it('fail if one of them is wrapped for another subject', async () => {
    const { keys, store } = setUp();
    await keys.create(name);
    const stored = await store.find(name);
    if (stored) await store.create('dispense/two', stored);
    await expect(keys.findAll([name, 'dispense/two'])).rejects.toThrow('changed, or is of another stream');
  });
});
