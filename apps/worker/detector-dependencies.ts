/** What the detector of inactive customers asks: the log of activity, the rules, and how far the ingress has come. */
import type { Connection } from 'mongoose';
import type { Config } from '#libs/config/config.ts';
import { eventTopics } from '#libs/domain/events/platform-event.ts';
import { hasConsumedUntil } from '#libs/kafka/consumer-lag.ts';
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createActivityReader } from '#libs/store/events/customer-activity.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import type { MaintenancePorts } from '#temporal/activities/create-activities.ts';

type DetectionPorts = Pick<MaintenancePorts, 'activity' | 'isAskedFor' | 'isHeardUntil' | 'minInactiveDays'>;

export function detectionPorts(config: Config, store: Connection, kafka: KafkaConnection): DetectionPorts {
  const rules = createRuleRepository(store);
  return {
    activity: createActivityReader(store),
    minInactiveDays: config.detectors.inactivityMinDays,
    async isAskedFor(trigger) {
      const { items } = await rules.list({ trigger, status: ['active', 'shadow'] }, { limit: 1 });
      return items.length > 0;
    },
    isHeardUntil(time) {
      const names = eventTopics.map((topic) => topicName(config.kafka, topic));
      return withAdmin(kafka, (admin) => hasConsumedUntil(admin, config.kafka.groupId, names, time));
    },
  };
}
