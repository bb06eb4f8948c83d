import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchJars, type JarsPlace, jarsFolder } from './jars.ts';
import { requireJava, requireJdk } from './java.ts';

let folder: string;
let place: JarsPlace;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-jars-'));
  place = { pom: join(folder, 'pom.xml'), cache: join(folder, 'cache'), maven: join(folder, 'mvn') };
  writeFileSync(place.pom, '<version>1</version>');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a program of this name that runs these lines in a shell. */
function program(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
  return path;
}

/** Replaces Maven: writes half a jar to the output folder, and then runs `lines`. */
function maven(...lines: string[]): void {
  program(
    'mvn',
    'for argument; do case "$argument" in -DoutputDirectory=*) out=$(echo "$argument" | cut -d= -f2);; esac; done',
    'echo half >"$out/one.jar"',
    ...lines,
  );
}
const filesIn = (path: string) => readdirSync(path).sort();

describe('the jars', () => {
  it('are fetched once, and again when the POM has changed', async () => {
    maven('echo all >"$out/two.jar"');
    const first = jarsFolder(place);
    expect(existsSync(first)).toBe(false);
    await fetchJars(place);
    expect(filesIn(first)).toEqual(['one.jar', 'two.jar']);
    maven('exit 1');
    await fetchJars(place);
    writeFileSync(place.pom, '<version>2</version>');
    await expect(fetchJars(place)).rejects.toThrow('Maven could not fetch DynamoDB Local');
    maven();
    await fetchJars(place);
    expect(filesIn(jarsFolder(place))).toEqual(['one.jar']);
  });

  it('are complete or missing', async () => {
    maven('echo "[ERROR] Could not resolve it"; exit 1');
    await expect(fetchJars(place)).rejects.toThrow(
      'Maven could not fetch DynamoDB Local: Could not resolve it',
    );
    expect(filesIn(place.cache)).toEqual([]);
  });

  it('of a killed run are removed when they are older than any fetch', async () => {
    const [old, recent] = [join(place.cache, 'old'), join(place.cache, 'recent')];
    for (const path of [old, recent]) mkdirSync(path, { recursive: true });
    utimesSync(old, new Date(0), new Date(0));
    maven();
    await fetchJars(place);
    expect(filesIn(place.cache).map((name) => join(place.cache, name))).toEqual(
      [jarsFolder(place), recent].sort(),
    );
  });

  it('need Maven: a sentence says that it is missing', async () => {
    await expect(fetchJars(place)).rejects.toThrow(/no "mvn" on the PATH: install Maven/);
  });
});

describe('Java', () => {
  it.each(['17.0.15', '21', '25-ea'])('%s is accepted', (version) => {
    const java = program('java', `echo 'openjdk version "${version}" 2025-04-15' >&2`);
    expect(() => requireJava(java, 'It')).not.toThrow();
  });

  it.each(['1.8.0_412', '11.0.2', '16'])('%s is refused as too old, with a sentence', (version) => {
    const java = program('java', `echo 'openjdk version "${version}" 2025-04-15' >&2`);
    expect(() => requireJava(java, 'It')).toThrow(`is ${version}: install a newer one`);
  });

  it('without a compiler is refused, with a sentence', () => {
    const version = `echo 'openjdk version "17" 2025-04-15' >&2`;
    const jre = program('java', version, 'echo java.base@17');
    expect(() => requireJdk(jre)).toThrow(/has no compiler: install a JDK 17 or newer/);
    const jdk = program('java', version, 'echo java.base@17', 'echo jdk.compiler@17');
    expect(() => requireJdk(jdk)).not.toThrow();
  });

  it('is needed: a sentence says that it is missing', () => {
    expect(() => requireJava(join(folder, 'java'), 'It')).toThrow(/".*java" does not run: install a JRE/);
  });
});
