package io.carillon.cron;

import org.junit.jupiter.api.Test;

class CronFuzzTest {

  @Test
  void random_texts_are_refused_with_a_reason_or_fire_when_they_should() {
    new CronFuzz(1, 3_000).run();
  }
}
