package io.carillon.quartz.store;

import org.jspecify.annotations.Nullable;
import org.quartz.impl.jdbcjobstore.SimplePropertiesTriggerPersistenceDelegateSupport;
import org.quartz.impl.jdbcjobstore.SimplePropertiesTriggerProperties;
import org.quartz.spi.OperableTrigger;

/**
 * Lets Quartz's own code read and write triggers of our type, in QRTZ_SIMPROP_TRIGGERS: without it,
 * whoever lists or pauses triggers through Quartz's interface would fail at them. Stateless but for
 * what Quartz sets.
 */
final class OwnTriggerDelegate extends SimplePropertiesTriggerPersistenceDelegateSupport {
  @Override
  public boolean canHandleTriggerType(OperableTrigger trigger) {
    return trigger instanceof OwnTrigger;
  }

  @Override
  public String getHandledTriggerTypeDiscriminator() {
    return TriggerRow.Own.TYPE;
  }

  @Override
  protected SimplePropertiesTriggerProperties getTriggerProperties(OperableTrigger trigger) {
    TriggerRow.Own kind = ((OwnTrigger) trigger).kind();
    SimplePropertiesTriggerProperties properties = new SimplePropertiesTriggerProperties();
    properties.setString1(kind.plan());
    properties.setString2(kind.zone());
    properties.setString3(kind.rules());
    properties.setLong1(kind.planned());
    return properties;
  }

  @Override
  protected TriggerPropertyBundle getTriggerPropertyBundle(
      SimplePropertiesTriggerProperties properties) {
    TriggerRow.Own kind =
        new TriggerRow.Own(
            properties.getLong1(),
            text(properties.getString1()),
            text(properties.getString2()),
            text(properties.getString3()));
    return new TriggerPropertyBundle(new OwnTrigger.Builder(kind), null, null);
  }

  private static String text(@Nullable String column) {
    return column == null ? "" : column;
  }
}
