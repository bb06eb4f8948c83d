declare module 'kinesalite' {
  import type { Server } from 'node:http';

  /** `path`: LevelDB folder, in memory without. The delays are those of status changes. */
  export default function kinesalite(options: {
    path?: string;
    createStreamMs?: number;
    deleteStreamMs?: number;
    updateStreamMs?: number;
  }): Server;
}
