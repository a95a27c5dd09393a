package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerCallTest {
  private static final String LEDGER = "/api/v1/jobs/counted/ledger";

  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
    rig.send("PUT", "/api/v1/jobs/counted", "{\"target\":{\"type\":\"noop\"}}");
  }

  @Test
  void it_tells_every_sum_of_the_last_day() {
    JsonNode ledger = rig.get(LEDGER).json();

    assertThat(ledger.get("from").asText()).isEqualTo("2026-11-20T12:00:00Z");
    assertThat(ledger.get("to").asText()).isEqualTo("2026-11-21T12:00:00Z");
    assertThat(ledger.get("planned").asInt()).isEqualTo(15);
    assertThat(ledger.get("succeeded").asInt()).isEqualTo(7);
    assertThat(ledger.at("/skipped/PAUSED").asInt()).isEqualTo(3);
    assertThat(ledger.at("/missing/0").asText()).isEqualTo("2026-11-20T12:00:00Z");
    assertThat(ledger.get("missingCount").asInt()).isEqualTo(1);
    assertThat(ledger.get("balanced").asBoolean()).isFalse();
    assertThat(ledger.get("byHand").asInt()).isEqualTo(2);
  }

  @Test
  void the_range_can_be_said_with_any_offset() {
    JsonNode ledger =
        rig.get(LEDGER + "?from=2026-11-01T00:00:00%2B01:00&to=2026-11-02T00:00:00Z").json();

    assertThat(ledger.get("from").asText()).isEqualTo("2026-10-31T23:00:00Z");
    assertThat(rig.get(LEDGER + "?to=2026-11-02T00:00:00Z").json().get("from").asText())
        .isEqualTo("2026-11-01T00:00:00Z");
  }

  @Test
  void a_range_without_a_meaning_is_refused() {
    assertThat(rig.get(LEDGER + "?from=2027-01-01T00:00:00Z").fault())
        .isEqualTo("400 parameter_invalid ?to");
    assertThat(rig.get(LEDGER + "?from=2026-11-01T00:00:00").fault())
        .isEqualTo("400 at_zone_required ?from");
    assertThat(rig.get(LEDGER + "?from=2026-01-01T00:00:00Z").fault())
        .isEqualTo("422 range_too_large ?from");
    assertThat(rig.get(LEDGER + "?since=yesterday").fault())
        .isEqualTo("400 parameter_unknown ?since");
    assertThat(rig.get("/api/v1/jobs/nobody/ledger").fault()).isEqualTo("404 not_found");
    assertThat(rig.get(LEDGER + "?to=-999999999-01-01T00:00:00Z").status()).isBetween(200, 422);
    assertThat(
            rig.get(LEDGER + "?from=0001-01-01T00:00:00Z&to=+999999999-12-31T23:59:59Z").status())
        .isBetween(400, 422);
  }
}
