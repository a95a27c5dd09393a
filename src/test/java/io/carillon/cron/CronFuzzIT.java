package io.carillon.cron;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("golden")
class CronFuzzIT {

  @Test
  void a_hundred_thousand_random_texts_are_refused_or_fire_when_they_should() {
    new CronFuzz(20_261_121, 100_000).run();
  }
}
