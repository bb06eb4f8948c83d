import { Server, type ServerResponse } from 'node:http';
import { DatabaseSync } from 'node:sqlite';

/**
 * Makes SQLite leave nothing of what this thread deletes in its files: it overwrites deleted content with zeros, and after each deletion
 * of an object it empties the write-ahead log, which has the content too.
 * https://sqlite.org/pragma.html#pragma_secure_delete
 */
export function leaveNoRemains(): void {
  const open = new Set<DatabaseSync>();
  const exec = DatabaseSync.prototype.exec;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    if (!open.has(this)) exec.call(this, 'PRAGMA secure_delete = ON');
    open.add(this);
    exec.call(this, sql);
  };
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    const [request, response] = args as [{ method?: string; url?: string }, ServerResponse];
    if (event === 'request' && (request.method === 'DELETE' || /[?&]delete\b/.test(request.url ?? ''))) {
      response.once('finish', () => {
        for (const database of open) exec.call(database, 'PRAGMA wal_checkpoint(TRUNCATE)');
      });
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
}
