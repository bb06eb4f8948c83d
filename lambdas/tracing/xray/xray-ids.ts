/** `1-5759e988-bd862e3fe1be46a994272793`: version, time and random part. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids */
const rootPattern = /^1-([\da-f]{8})-([\da-f]{24})$/;

/** The trace id of W3C for one of X-Ray: the same 32 digits, without version and hyphens. Undefined: it is none. */
export function w3cTraceId(root: string | undefined): string | undefined {
  const [, time, random] = rootPattern.exec(root ?? '') ?? [];
  return time === undefined || random === undefined ? undefined : time + random;
}

/** A name as X-Ray accepts it: `POST /ledger/:id`. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
export function segmentName(name: string): string {
  return name
    .replaceAll(/\{(\w+)\}/g, ':$1')
    .replaceAll(/[^\p{L}\p{N}\s_.:/%&#=+\\\-@]/gu, '_')
    .slice(0, 200);
}

/** A key of an annotation as X-Ray accepts it: letters, digits and underscores. */
export function annotationKey(name: string): string {
  return name.replaceAll(/\W/g, '_');
}
