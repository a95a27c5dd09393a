package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Five-field weekdays against a reading by brute force. */
class UnixMeaningTest {

  @Test
  void unix_weekdays_mean_what_they_say_day_by_day() {
    Random random = new Random(3);
    for (int n = 0; n < 2_000; n++) {
      int low = random.nextInt(8);
      int high = low + random.nextInt(8 - low);
      int step = 1 + random.nextInt(3);
      String text = "30 4 * * " + low + "-" + high + "/" + step;
      String normalized = ((Reading.Valid) CronReader.read(text, null)).normalized();
      boolean[] meant = new boolean[7];
      for (int day = low; day <= high; day += step) {
        meant[day % 7] = true;
      }
      compare(text, CronTimes.parse(normalized), meant);
      String plain = "30 4 * * " + low + "-" + high;
      boolean[] all = new boolean[7];
      for (int day = low; day <= high; day++) {
        all[day % 7] = true;
      }
      compare(
          plain, CronTimes.parse(((Reading.Valid) CronReader.read(plain, null)).normalized()), all);
    }
  }

  private static void compare(String text, CronTimes times, boolean[] meant) {
    LocalDateTime day = LocalDateTime.of(2026, 11, 22, 4, 30); // a Sunday
    for (int n = 0; n < 14; n++) {
      Instant at = day.plusDays(n).toInstant(ZoneOffset.UTC);
      boolean fires = times.next(at.minusSeconds(1), ZoneOffset.UTC).filter(at::equals).isPresent();
      assertThat(fires).as("%s on %s", text, day.plusDays(n)).isEqualTo(meant[n % 7]);
    }
  }
}
