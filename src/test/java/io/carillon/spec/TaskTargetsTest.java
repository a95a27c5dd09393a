package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Target;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a template becomes with values, and what a value cannot do. */
class TaskTargetsTest {
  private static final TaskId ID = TaskId.of("t");
  private final TaskTargets targets = new TaskTargets(new Rules());

  private static ObjectNode tree(String json) {
    return StrictJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Task task(String target, String parameters) {
    Faults faults = new Faults();
    String body = "{\"target\": {" + target + "}, \"parameters\": {" + parameters + "}}";
    Task task = new TaskReader(new Rules()).read(tree(body), ID, faults);
    assertThat(faults.list()).isEmpty();
    assertThat(new TaskWriter().parse(ID, new TaskWriter().store(task))).isEqualTo(task);
    return task;
  }

  private Target filled(String target, String parameters, String values) {
    Faults faults = new Faults();
    Target filled = targets.fill(task(target, parameters), tree(values), faults, new HashMap<>());
    assertThat(faults.list()).isEmpty();
    return filled;
  }

  private List<String> refused(String target, String parameters, String values) {
    Faults faults = new Faults();
    assertThat(targets.fill(task(target, parameters), tree(values), faults, new HashMap<>()))
        .isNull();
    return faults.list().stream().map(fault -> fault.code() + " " + fault.pointer()).toList();
  }

  private Target.Http http(String members, String parameters, String values) {
    return (Target.Http) filled(members, parameters, values);
  }

  private static final String ANY = "\"p\": {\"type\": \"string\"}";

  private static String value(String text) {
    return StrictJson.text(StrictJson.object().put("p", text));
  }

  @ParameterizedTest
  @CsvSource({
    "a b, a%20b",
    "a/b, a%2Fb",
    "../../admin, ..%2F..%2Fadmin",
    "x?y=1#z, x%3Fy%3D1%23z",
    "a&b=c, a%26b%3Dc",
    "%2e%2e, %252e%252e",
    "\\\\evil, %5C%5Cevil",
    "@evil.example, %40evil.example",
    "ä€, %C3%A4%E2%82%AC",
    "+;, %2B%3B"
  })
  void a_value_in_a_url_stays_one_segment_or_one_value(String value, String escaped) {
    String url = "\"url\": \"https://shop.example:8443/a/{{p}}/b?c={{ p }}&d=1#{{p}}\"";

    assertThat(http(url, ANY, value(value)).url())
        .isEqualTo(
            "https://shop.example:8443/a/" + escaped + "/b?c=" + escaped + "&d=1#" + escaped);
  }

  @Test
  void a_value_cannot_climb_in_a_path_or_leave_a_part_of_it_empty() {
    String url = "\"url\": \"https://shop.example/items/{{p}}/_delete\"";

    for (String value : List.of("", ".", "..")) {
      assertThat(refused(url, ANY, value(value))).containsExactly("parameter_path /parameters/p");
    }
    assertThat(refused(url, ANY, "{}")).containsExactly("parameter_path /parameters/p");
    String escaped = "\"url\": \"https://shop.example/%2e{{p}}/x\"";
    assertThat(refused(escaped, ANY, value("."))).containsExactly("parameter_path /parameters/p");
  }

  @Test
  void a_value_that_is_all_of_a_json_string_keeps_its_type() {
    Target.Http target =
        http(
            """
            "url": "https://x.example/", "body": {"n": "{{n}}", "list": ["{{o}}"], "s": "n={{n}} {{s}}", "x": "{{x}}"}
            """,
            """
            "n": {"type": "number"}, "o": {"type": "object"}, "s": {"type": "string"},
            "x": {"type": "boolean"}
            """,
            "{\"n\": 1.50, \"o\": {\"a\": [1]}, \"s\": \"\\\"},{\\\"evil\\\":1\"}");

    assertThat(target.body())
        .isEqualTo(
            new Target.Body(
                true,
                "{\"n\":1.50,\"list\":[{\"a\":[1]}],\"s\":\"n=1.50 \\\"},{\\\"evil\\\":1\",\"x\":null}"));
  }

  @Test
  void a_body_that_is_a_text_is_escaped_by_its_content_type() {
    String body = ", \"body\": \"a={{p}}\"";
    String url = "\"url\": \"https://x.example/\", \"headers\": {\"content-type\": \"%s\"}";
    String value = value("\"&<\n");

    assertThat(http(url.formatted("application/json") + body, ANY, value).body().text())
        .isEqualTo("a=\\\"&<\\n");
    assertThat(
            http(url.formatted("application/x-www-form-urlencoded") + body, ANY, value)
                .body()
                .text())
        .isEqualTo("a=%22%26%3C%0A");
    assertThat(http(url.formatted("text/csv") + body, ANY, value).body().text())
        .isEqualTo("a=\"&<\n");
  }

  @Test
  void a_header_takes_a_value_and_goes_without_one() {
    String target =
        "\"url\": \"https://x.example/\", \"headers\": {\"X-A\": \"{{p}}\", \"X-B\": \"v{{p}}\"}";

    assertThat(http(target, ANY, value("1")).headers()).isEqualTo(Map.of("X-A", "1", "X-B", "v1"));
    assertThat(http(target, ANY, "{}").headers()).isEqualTo(Map.of("X-B", "v"));
  }

  @Test
  void a_filled_target_is_held_to_the_rules_for_any() {
    String mail =
        "\"type\": \"email\", \"to\": \"{{p}}\", \"subject\": \"Hi {{p}}\", \"html\": \"<b>{{p}}</b>\"";

    assertThat(refused(mail, ANY, value("a@x.example\r\nBcc: b@x.example")))
        .containsOnly("address_invalid /parameters/p", "header_value /parameters/p");
    assertThat(refused(mail, ANY, "{}")).contains("field_required /parameters/p");
  }

  @Test
  void a_mail_takes_a_list_and_escapes_html() {
    Target.Email mail =
        (Target.Email)
            filled(
                """
                "type": "email", "to": "{{to}}", "cc": ["{{cc}}"], "subject": "Hi", "html": "<b>{{who}}</b>"
                """,
                """
                "to": {"type": "array", "required": true}, "cc": {"type": "string"},
                "who": {"type": "string", "default": "<you & me>"}
                """,
                "{\"to\": [\"a@x.example\", \"b@x.example\"]}");

    assertThat(mail.to()).containsExactly("a@x.example", "b@x.example");
    assertThat(mail.cc()).isEmpty();
    assertThat(mail.text()).isEqualTo("<b>&lt;you &amp; me&gt;</b>");
  }

  @Test
  void what_values_bring_in_is_bounded() {
    String target = "\"type\": \"log\", \"message\": \"" + "{{p}}".repeat(100) + "\"";

    assertThat(refused(target, ANY, value("x".repeat(20_000))))
        .containsExactly("payload_too_large /parameters");
  }

  @Test
  void a_value_that_looks_like_a_placeholder_is_a_value() {
    String target = "\"type\": \"log\", \"message\": \"{{p}} $1 {{p}}\"";

    assertThat(filled(target, ANY, value("{{p}}\\$0")))
        .isEqualTo(new Target.Log("{{p}}\\$0 $1 {{p}}\\$0"));
  }

  @Test
  void values_have_the_declared_types() {
    String target = "\"type\": \"log\", \"message\": \"{{i}}{{n}}{{b}}\"";
    String declared =
        "\"i\": {\"type\": \"integer\"}, \"n\": {\"type\": \"number\"}, \"b\": {\"type\": \"boolean\"}";

    assertThat(refused(target, declared, "{\"i\": 1.5, \"n\": \"1\", \"b\": 0}"))
        .containsExactly(
            "parameter_type /parameters/i",
            "parameter_type /parameters/n",
            "parameter_type /parameters/b");
    assertThat(filled(target, declared, "{\"i\": 1, \"n\": 2e2, \"b\": true}"))
        .isEqualTo(new Target.Log("1200true"));
  }
}
