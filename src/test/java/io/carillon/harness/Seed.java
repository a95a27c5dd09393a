package io.carillon.harness;

import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.LoggerFactory;

/** Where a test's random numbers come from: printed, and given again by {@code -Dcarillon.seed}. */
public final class Seed {
  private Seed() {}

  public static long of(Class<?> test) {
    long seed = Long.getLong("carillon.seed", ThreadLocalRandom.current().nextLong());
    LoggerFactory.getLogger(test).info("Seed {} (again with -Dcarillon.seed={})", seed, seed);
    return seed;
  }
}
