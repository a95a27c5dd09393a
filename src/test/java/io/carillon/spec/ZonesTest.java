package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZonesTest {

  /** Quartz goes by {@link TimeZone}, which turns what it does not know into GMT. */
  @Test
  void every_zone_that_is_taken_means_the_same_to_quartz() {
    Instant january = Instant.parse("2027-01-15T00:00:00Z");
    Instant july = Instant.parse("2027-07-15T00:00:00Z");
    Stream<String> offsets =
        Stream.of("Z", "+02:00", "-03:30", "UTC+1", "GMT-05:00", "UT+5", "+14", "+0530", "GMT0");
    Stream.concat(ZoneId.getAvailableZoneIds().stream(), offsets)
        .forEach(
            id -> {
              ZoneId zone = Zones.read(id).orElseThrow();
              TimeZone other = TimeZone.getTimeZone(zone);
              for (Instant at : new Instant[] {january, july}) {
                assertThat(other.getOffset(at.toEpochMilli()))
                    .as(id)
                    .isEqualTo(ZoneId.of(id).getRules().getOffset(at).getTotalSeconds() * 1000);
              }
              assertThat(ZoneId.of(zone.getId())).isEqualTo(zone);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Amsterdan",
        "europe/berlin",
        "CEST",
        "",
        " ",
        "+1:00",
        "+01:00:30",
        "GMT+25"
      })
  void what_is_not_a_zone_is_not_guessed(String text) {
    assertThat(Zones.read(text)).isEmpty();
  }
}
