import { defineTodoRules } from '../todo-rule.ts';
import { type MetricEvent, metricEvents } from './domain/events.ts';

export default defineTodoRules<MetricEvent>({
  category: 'metrics',
  events: metricEvents,
  rules: [
    {
      kind: 'set-target',
      doneBy: 'person',
      opened: ['Metric:Created'],
      closed: ['Metric:TargetSet', 'Metric:Archived'],
    },
    {
      kind: 'review-expired-metric',
      doneBy: 'person',
      opened: ['Metric:Expired'],
      // A value that is recorded late can still reach an expired target. Then there is nothing to review.
      closed: ['Metric:TargetReached', 'Metric:TargetSet', 'Metric:Archived'],
    },
  ],
});
