import { describe, expect, it } from '@jest/globals';
import { RecentCommands, rememberedAtLeast, rememberedAtMost } from './recent-commands.ts';

const hourMs = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00.000Z');

function isoAt(hours: number): string {
  return new Date(start + hours * hourMs).toISOString();
}

function noted(count: number, hoursOf: (index: number) => number): RecentCommands {
  const commands = RecentCommands.empty();
  for (let index = 0; index < count; index += 1) {
    commands.note({ commandId: `command-${index}`, version: index + 1, committedAt: isoAt(hoursOf(index)) });
  }
  return commands;
}

function throughSnapshot(commands: RecentCommands, hours: number): RecentCommands {
  return RecentCommands.fromBytes(commands.toBytes(isoAt(hours)));
}

describe('recent commands', () => {
  it('finds a command before and after a snapshot', () => {
    const commands = noted(10, () => 0);
    expect(commands.candidates('command-3')).toEqual([4]);
    expect(throughSnapshot(commands, 0).candidates('command-3')).toEqual([4]);
    expect(throughSnapshot(commands, 0).candidates('another')).toEqual([]);
  });

  it('keeps the commands of the snapshot together with later ones', () => {
    const commands = throughSnapshot(
      noted(10, () => 0),
      0,
    );
    commands.note({ commandId: 'later', version: 11, committedAt: isoAt(1) });
    const again = throughSnapshot(commands, 1);
    expect(again.candidates('command-0')).toEqual([1]);
    expect(again.candidates('later')).toEqual([11]);
  });

  it('forgets what is older than 24 hours, but never the last hundred', () => {
    const commands = throughSnapshot(
      noted(rememberedAtLeast + 5, () => 0),
      25,
    );
    expect(commands.candidates('command-4')).toEqual([]);
    expect(commands.candidates('command-5')).toEqual([6]);
  });

  it('keeps every command of the last 24 hours, up to five thousand', () => {
    const commands = throughSnapshot(
      noted(rememberedAtMost + 1, () => 1),
      24,
    );
    expect(commands.candidates('command-0')).toEqual([]);
    expect(commands.candidates('command-1')).toEqual([2]);
  });

  it('stays bounded for a long history', () => {
    const bytes = noted(3 * rememberedAtMost, () => 0).toBytes(isoAt(0));
    expect(bytes.length).toBeLessThanOrEqual(70_000);
    expect(RecentCommands.fromBytes(bytes).candidates(`command-${3 * rememberedAtMost - 1}`)).toEqual([
      3 * rememberedAtMost,
    ]);
  });

  it('ignores an incomplete entry', () => {
    const bytes = noted(2, () => 0).toBytes(isoAt(0));
    expect(RecentCommands.fromBytes(bytes.subarray(0, bytes.length - 1)).candidates('command-1')).toEqual([]);
  });
});
