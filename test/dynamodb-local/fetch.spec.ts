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
import { requireJava } from './java.ts';

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
  it('are fetched once, and again when the POM has changed', () => {
    maven('echo all >"$out/two.jar"');
    const first = jarsFolder(place);
    expect(existsSync(first)).toBe(false);
    fetchJars(place);
    expect(filesIn(first)).toEqual(['one.jar', 'two.jar']);
    maven('exit 1');
    fetchJars(place);
    writeFileSync(place.pom, '<version>2</version>');
    expect(() => fetchJars(place)).toThrow('Maven could not fetch DynamoDB Local');
    maven();
    fetchJars(place);
    expect(filesIn(jarsFolder(place))).toEqual(['one.jar']);
  });

  it('are complete or missing', () => {
    maven('echo "[ERROR] Could not resolve it"; exit 1');
    expect(() => fetchJars(place)).toThrow('Maven could not fetch DynamoDB Local: Could not resolve it');
    expect(filesIn(place.cache)).toEqual([]);
  });

  it('of a killed run are removed when they are older than any fetch', () => {
    const [old, recent] = [join(place.cache, 'old'), join(place.cache, 'recent')];
    for (const path of [old, recent]) mkdirSync(path, { recursive: true });
    utimesSync(old, new Date(0), new Date(0));
    maven();
    fetchJars(place);
    expect(filesIn(place.cache).map((name) => join(place.cache, name))).toEqual(
      [jarsFolder(place), recent].sort(),
    );
  });

  it('need Maven: a sentence says that it is missing', () => {
    expect(() => fetchJars(place)).toThrow(/no "mvn" on the PATH: install Maven/);
  });
});

describe('Java', () => {
  it.each(['17.0.15', '21', '25-ea'])('%s is accepted', (version) => {
    const java = program('java', `echo 'openjdk version "${version}" 2025-04-15' >&2`);
    expect(() => requireJava(java)).not.toThrow();
  });

  it.each(['1.8.0_412', '11.0.2', '16'])('%s is refused as too old, with a sentence', (version) => {
    const java = program('java', `echo 'openjdk version "${version}" 2025-04-15' >&2`);
    expect(() => requireJava(java)).toThrow(`is ${version}: install a newer one`);
  });

  it('is needed: a sentence says that it is missing', () => {
    expect(() => requireJava(join(folder, 'java'))).toThrow(/".*java" does not run: install a JRE/);
  });
});
