package io.carillon.quartz;

import io.carillon.quartz.store.CarillonJobStore;
import java.util.Properties;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.core.QuartzScheduler;
import org.quartz.core.QuartzSchedulerResources;
import org.quartz.impl.StdSchedulerFactory;

/**
 * Quartz's factory with one step more: hands the store its collaborators after {@code
 * quartz.properties} was read and before the store is initialised.
 */
final class EngineFactory extends StdSchedulerFactory {
  private final Binding binding;

  /** Hands over collaborators. */
  @FunctionalInterface
  interface Binding {
    void bind(CarillonJobStore store);
  }

  EngineFactory(Properties properties, Binding binding) throws SchedulerException {
    super(properties);
    this.binding = binding;
  }

  @Override
  protected Scheduler instantiate(QuartzSchedulerResources resources, QuartzScheduler scheduler) {
    if (!(resources.getJobStore() instanceof CarillonJobStore store)) {
      throw new IllegalStateException(
          "org.quartz.jobStore.class must be " + CarillonJobStore.class.getName());
    }
    binding.bind(store);
    return super.instantiate(resources, scheduler);
  }
}
