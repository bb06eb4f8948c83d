/**
 * Texts that the app published before the form became an ASCII object with the category. Never change them: they are in
 * streams, queues and failure buckets for 30 days after that release.
 */
export const recordedLists = {
  /** To the event stream: two events. */
  stream: String.raw`[{"specversion":"1.0","source":"/streamfold/metrics","subject":"metrics/4a1c5f0e-0d2b-4a6e-9a53-1f0c8e2b7d11","time":"2026-11-20T08:09:10.111Z","commitversion":3,"commitcount":2,"commandid":"0192f3a0-0000-7000-8000-000000000001","correlationid":"0192f3a0-0000-7000-8000-000000000002","causationid":"0192f3a0-0000-7000-8000-000000000003","actor":"tester","id":"0192f3a0-0000-7000-8000-000000000004","type":"Metric:Renamed","datacontenttype":"application/json","data":{"name":"Größe \"neu\" 東京 🚀","tag":"\ud800 ￾"},"schemaversion":1,"streamversion":3},{"specversion":"1.0","source":"/streamfold/metrics","subject":"metrics/4a1c5f0e-0d2b-4a6e-9a53-1f0c8e2b7d11","time":"2026-11-20T08:09:10.111Z","commitversion":3,"commitcount":2,"commandid":"0192f3a0-0000-7000-8000-000000000001","correlationid":"0192f3a0-0000-7000-8000-000000000002","causationid":"0192f3a0-0000-7000-8000-000000000003","actor":"tester","id":"0192f3a0-0000-7000-8000-000000000005","type":"Metric:ValueRecorded","datacontenttype":"application/json","data":{"value":7,"at":"2026-11-20T08:09:10.000Z"},"schemaversion":2,"streamversion":4}]`,
  /** A notification of the same commit. */
  notification:
    '[{"specversion":"1.0","source":"/streamfold/metrics","subject":"metrics/4a1c5f0e-0d2b-4a6e-9a53-1f0c8e2b7d11","time":"2026-11-20T08:09:10.111Z","commitversion":3,"commitcount":2,"commandid":"0192f3a0-0000-7000-8000-000000000001","correlationid":"0192f3a0-0000-7000-8000-000000000002","causationid":"0192f3a0-0000-7000-8000-000000000003","actor":"tester","id":"metrics/4a1c5f0e-0d2b-4a6e-9a53-1f0c8e2b7d11@3","type":"Streamfold:CommitAppended","streamversion":3}]',
  /** To a queue, with the escapes of that time. */
  queue: String.raw`[{"specversion":"1.0","source":"/streamfold/metrics","subject":"metrics/4a1c5f0e-0d2b-4a6e-9a53-1f0c8e2b7d11","time":"2026-11-20T08:09:10.111Z","commitversion":3,"commitcount":2,"commandid":"0192f3a0-0000-7000-8000-000000000001","correlationid":"0192f3a0-0000-7000-8000-000000000002","causationid":"0192f3a0-0000-7000-8000-000000000003","actor":"tester","id":"0192f3a0-0000-7000-8000-000000000004","type":"Metric:Renamed","datacontenttype":"application/json","data":{"name":"Größe \"neu\" 東京 🚀","tag":"\ud800 \ufffe"},"schemaversion":1,"streamversion":3},{"specversion":"1.0","source":"/streamfold/metrics","subject":"metrics/4a1c5f0e-0d2b-4a6e-9a53-1f0c8e2b7d11","time":"2026-11-20T08:09:10.111Z","commitversion":3,"commitcount":2,"commandid":"0192f3a0-0000-7000-8000-000000000001","correlationid":"0192f3a0-0000-7000-8000-000000000002","causationid":"0192f3a0-0000-7000-8000-000000000003","actor":"tester","id":"0192f3a0-0000-7000-8000-000000000005","type":"Metric:ValueRecorded","datacontenttype":"application/json","data":{"value":7,"at":"2026-11-20T08:09:10.000Z"},"schemaversion":2,"streamversion":4}]`,
} as const;

/** The events in {@link recordedLists}. */
export const recordedListEvents = [
  {
    id: '0192f3a0-0000-7000-8000-000000000004',
    type: 'Metric:Renamed',
    schemaVersion: 1,
    data: { name: 'Größe "neu" 東京 🚀', tag: '\ud800 \ufffe' },
  },
  {
    id: '0192f3a0-0000-7000-8000-000000000005',
    type: 'Metric:ValueRecorded',
    schemaVersion: 2,
    data: { value: 7, at: '2026-11-20T08:09:10.000Z' },
  },
];
