package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.execution.Breaker;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerCallsTest {
  private static final String SHOP = "/api/v1/breakers/shop.example";
  @AutoClose private ApiRig rig;

  @BeforeEach
  void start() {
    rig = ApiRig.start();
  }

  private Answer put(String body, String... headers) {
    return rig.send("PUT", SHOP, body, headers);
  }

  @Test
  void a_host_of_which_nothing_is_known_has_a_closed_breaker() {
    Answer found = rig.get(SHOP);

    assertThat(found.status()).isEqualTo(200);
    assertThat(found.header("ETag")).isEqualTo("\"0\"");
    assertThat(found.json().get("state").asText()).isEqualTo("CLOSED");
    assertThat(found.json().get("forced").asText()).isEqualTo("AUTO");
  }

  @Test
  void an_open_one_tells_since_when_and_when_it_is_looked_at_again() {
    rig.breakers.put(Breaker.unknown("shop.example").opened(ApiRig.NOW, Duration.ofSeconds(3)));

    JsonNode open = rig.get(SHOP).json();

    assertThat(open.get("state").asText()).isEqualTo("OPEN");
    assertThat(open.get("since").asText()).isEqualTo("2026-11-21T12:00:00Z");
    assertThat(open.get("openedAt").asText()).isEqualTo("2026-11-21T12:00:00Z");
    assertThat(open.get("nextProbeAt").asText()).isEqualTo("2026-11-21T12:00:03Z");
    assertThat(open.get("counts").toString())
        .isEqualTo("{\"answers\":1,\"failures\":2,\"failuresInARow\":2}");
  }

  @Test
  void a_breaker_is_kept_open_and_let_go() {
    Answer forced = put("{\"state\": \"OPEN\"}");

    assertThat(forced.status()).isEqualTo(200);
    assertThat(forced.header("ETag")).isEqualTo("\"1\"");
    assertThat(forced.json().get("forced").asText()).isEqualTo("OPEN");
    assertThat(forced.json().get("nextProbeAt").isNull()).isTrue();
    JsonNode free = put("{\"state\": \"AUTO\", \"host\": \"shop.example\"}").json();
    assertThat(free.get("forced").asText()).isEqualTo("AUTO");
    assertThat(free.get("nextProbeAt").asText()).isEqualTo("2026-11-21T12:00:00Z");
  }

  @Test
  void a_put_of_an_old_version_is_refused() {
    put("{\"state\": \"OPEN\"}");

    Answer stale = put("{\"state\": \"CLOSED\"}", "If-Match", "\"0\"");

    assertThat(stale.fault()).isEqualTo("412 version_stale");
    assertThat(stale.header("ETag")).isEqualTo("\"1\"");
    assertThat(put("{\"state\": \"CLOSED\"}", "If-Match", "\"1\"").status()).isEqualTo(200);
    assertThat(put("{\"state\": \"AUTO\"}", "If-Match", "*").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; 422 field_required /state",
        "{\"state\": null}; 422 field_required /state",
        "{\"state\": \"HALF_OPEN\"}; 422 value_unknown /state",
        "{\"state\": true}; 422 json_type /state",
        "{\"state\": \"OPEN\", \"x\": 1}; 422 field_unknown /x",
        "{\"state\": \"OPEN\", \"host\": \"other\"}; 422 name_differs /host",
      })
  void a_bad_body_gets_its_code(String body, String fault) {
    assertThat(put(body).fault()).isEqualTo(fault);
  }

  @Test
  void all_faults_come_together_those_of_the_host_included() {
    Answer bad = rig.send("PUT", "/api/v1/breakers/http:x", "{\"state\": 7, \"x\": 1}");

    assertThat(bad.status()).isEqualTo(422);
    assertThat(bad.json().get("errors").findValuesAsText("pointer"))
        .containsExactly("/host", "/state", "/x");
    assertThat(rig.get("/api/v1/breakers/http:x").fault()).isEqualTo("404 not_found");
  }

  @Test
  void they_are_listed_page_by_page() {
    for (String host : new String[] {"a.example", "b.example", "c.example"}) {
      rig.send("PUT", "/api/v1/breakers/" + host, "{\"state\": \"OPEN\"}");
    }

    JsonNode first = rig.get("/api/v1/breakers?limit=2").json();
    assertThat(first.get("items").findValuesAsText("host"))
        .containsExactly("a.example", "b.example");
    JsonNode second =
        rig.get("/api/v1/breakers?limit=2&cursor=" + first.get("nextCursor").asText()).json();
    assertThat(second.get("items").findValuesAsText("host")).containsExactly("c.example");
    assertThat(second.get("nextCursor").isNull()).isTrue();
  }

  @Test
  void a_query_that_is_none_is_refused() {
    assertThat(rig.get("/api/v1/breakers?limit=0").status()).isEqualTo(400);
    assertThat(rig.get("/api/v1/breakers?state=OPEN").status()).isEqualTo(400);
    assertThat(rig.get("/api/v1/breakers?cursor=a%20b").fault()).startsWith("400 cursor_invalid");
    assertThat(rig.get(SHOP + "?x=1").status()).isEqualTo(400);
  }
}
