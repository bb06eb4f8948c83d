/** One value of a line in CloudWatch's embedded metric format. */
export interface EmfValue {
  readonly namespace: string;
  readonly name: string;
  /** As CloudWatch names it: `Count`, `Milliseconds`. */
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The values of a line, each with its first set of dimensions. What is not in the format is left out.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emfValues(line: Fields): EmfValue[] {
  return listOf(fieldsOf(line['_aws'])['CloudWatchMetrics']).flatMap((directive) => {
    const { Namespace: namespace, Dimensions, Metrics } = fieldsOf(directive);
    if (typeof namespace !== 'string') return [];
    const [names] = listOf(Dimensions);
    const dimensions = listOf(names).flatMap((name) => dimensionOf(line, name));
    return listOf(Metrics).flatMap((metric) => {
      const { Name: name, Unit: unit } = fieldsOf(metric);
      if (typeof name !== 'string') return [];
      const values = [line[name]].flat().filter((value): value is number => Number.isFinite(value));
      return values.map((value) => ({
        ...{ namespace, name, value },
        unit: typeof unit === 'string' ? unit : 'None',
        dimensions: Object.fromEntries(dimensions),
      }));
    });
  });
}

function dimensionOf(line: Fields, name: unknown): (readonly [string, string])[] {
  const value = typeof name === 'string' ? line[name] : undefined;
  return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const fieldsOf = (value: unknown): Fields => Object(value);
