package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /requests}: one request at a local time. */
class TimedRequestCallsTest {
  @AutoClose private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
  }

  @Test
  void a_request_on_sunday_at_one_in_london_is_told_in_both_clocks() {
    Answer made =
        rig.post(
            "/requests",
            """
            {"url": "https://myservice.example/api/items/_delete", "method": "POST", "headers": {"X-A": "b"},
             "body": {"age": 30}, "scheduledTime": "2027-06-06T01:00:00", "timeZone": "Europe/London"}
            """);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("scheduledTimeUtc").asText()).isEqualTo("2027-06-06T00:00:00Z");
    assertThat(made.json().get("scheduledTimeLocal").asText())
        .isEqualTo("2027-06-06T01:00:00+01:00");
    assertThat(made.json().get("timeZone").asText()).isEqualTo("Europe/London");
    assertThat(rig.get("/status/" + made.json().get("id").asText()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scheduledTime\":\"2027-06-06T01:00:00Z\"} | 400 field_required /url",
        "{\"url\":\"https://a.example\"} | 400 field_required /scheduledTime",
        "{\"url\":\"https://a.example\",\"scheduledTime\":\"2027-06-06T01:00:00\"} | 422 at_zone_required /scheduledTime",
        "{\"url\":\"https://a.example\",\"scheduledTime\":\"2027-06-06T01:00:00\",\"timeZone\":\"Europe/Amsterdan\"} | 422 zone_unknown /timeZone",
        "{\"url\":\"https://a.example\",\"scheduledTime\":\"2020-06-06T01:00:00Z\"} | 422 at_in_past /scheduledTime",
        "{\"url\":\"https://a.example\",\"method\":\"post\",\"scheduledTime\":\"2027-06-06T01:00:00Z\"} | 422 method_not_allowed /method",
        "{\"url\":\"https://a.example\",\"headers\":{\"Host\":\"x\"},\"scheduledTime\":\"2027-06-06T01:00:00Z\"} | 422 header_reserved /headers/Host",
      })
  void a_faulty_request_names_its_own_field(String body, String fault) {
    assertThat(rig.post("/requests", body).fault()).isEqualTo(fault);
  }

  @Test
  void a_fault_is_told_in_the_words_of_the_call() {
    String request = "{\"url\":\"https://a.example\",\"scheduledTime\":5}";
    assertThat(rig.post("/requests", request).json().get("detail").asText())
        .isEqualTo("'scheduledTime' must be a string, not a number");
  }
}
