package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a template and its declarations have to keep to before any value is known. */
class TaskReaderTest {
  private static final TaskId ID = TaskId.of("t");
  private static final String ANY = "\"p\": {\"type\": \"string\"}";

  private static ObjectNode tree(String json) {
    return StrictJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Fault> faultsOf(String body) {
    Faults faults = new Faults();
    assertThat(new TaskReader(new Rules()).read(tree(body), ID, faults)).isNull();
    return faults.list();
  }

  @ParameterizedTest
  @CsvSource({
    "https://{{p}}/x",
    "https://{{p}}.shop.example/x",
    "https://shop.example:{{p}}/x",
    "https://{{p}}@shop.example/x",
    "{{p}}://shop.example/x",
    "https://shop.example{{p}}",
    "{{p}}"
  })
  void scheme_host_and_port_take_no_placeholder(String url) {
    assertThat(faultsOf("{\"target\": {\"url\": \"" + url + "\"}, \"parameters\": {" + ANY + "}}"))
        .extracting(Fault::code, Fault::pointer)
        .contains(tuple("placeholder_place", "/target/url"));
  }

  @Test
  void a_hundred_thousand_wrong_names_are_refused_in_no_time() {
    StringBuilder text = new StringBuilder();
    StringBuilder declared = new StringBuilder("\"p\": {\"type\": \"string\"}");
    for (int i = 0; i < 100_000; i++) {
      text.append("{{wrong_name_").append(i).append("}}");
    }
    for (int i = 0; i < 99; i++) {
      declared.append(", \"wring_name_").append(i).append("\": {\"type\": \"string\"}");
    }
    String body =
        "{\"target\": {\"type\": \"log\", \"message\": \""
            + text
            + "\"}, \"parameters\": {"
            + declared
            + "}}";
    ObjectNode tree = StrictJson.object();
    tree.setAll(tree(body.replace(text, "")));
    ((ObjectNode) tree.get("target")).put("message", text.toString());
    Faults faults = new Faults();
    long begin = System.nanoTime();

    new TaskReader(new Rules()).read(tree, ID, faults);

    assertThat(faults.count()).isEqualTo(100_000);
    assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "url": "https://x.example/{{q}}"                               | placeholder_unknown | /target/url
          "url": "https://x.example/{{a b}}"                             | placeholder_unknown | /target/url
          "url": "https://x.example/", "method": "{{p}}"                 | placeholder_place   | /target/method
          "url": "https://x.example/", "timeout": "PT{{p}}S"             | placeholder_place   | /target/timeout
          "url": "https://x.example/", "headers": {"{{p}}": "x"}         | placeholder_place   | /target/headers/{{p}}
          "url": "https://x.example/", "body": {"{{p}}": "x"}            | placeholder_place   | /target/body/{{p}}
          "url": "https://x.example/", "headers": {"Host": "{{p}}"}      | header_reserved     | /target/headers/Host
          "url": "https://x.example/", "body": ["a{{l}}"]                | placeholder_type    | /target/body/0
          "url": "https://x.example/{{l}}"                               | placeholder_type    | /target/url
          "url": "http://x.example/{{p}}"                                | url_scheme          | /target/url
          "url": "https://x.example/{{p}}", "mthod": "GET"               | field_unknown       | /target/mthod
          "type": "email", "to": "{{p}}", "text": "{{p}}"                | field_required      | /target/subject
          """)
  void a_fault_of_a_template_has_its_code_and_place(String target, String code, String pointer) {
    String parameters = ANY + ", \"l\": {\"type\": \"array\"}";

    assertThat(faultsOf("{\"target\": {" + target + "}, \"parameters\": {" + parameters + "}}"))
        .extracting(Fault::code, Fault::pointer)
        .containsExactly(tuple(code, pointer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "x": {}                                                  | field_required    | /parameters/x/type
          "x": {"type": "sting"}                                   | value_unknown     | /parameters/x/type
          "x": {"type": "string", "default": 1}                    | parameter_type    | /parameters/x/default
          "x": {"type": "integer", "default": 1.5}                 | parameter_type    | /parameters/x/default
          "x": {"type": "string", "required": true, "default": "a"}| parameter_default | /parameters/x/default
          "x": {"type": "string", "requird": true}                 | field_unknown     | /parameters/x/requird
          "x": "string"                                            | json_type         | /parameters/x
          "1x": {"type": "string"}                                 | parameter_name    | /parameters/1x
          "a-b": {"type": "string"}                                | parameter_name    | /parameters/a-b
          """)
  void a_fault_of_a_declaration_has_its_code_and_place(
      String parameter, String code, String pointer) {
    assertThat(faultsOf("{\"target\": {\"type\": \"noop\"}, \"parameters\": {" + parameter + "}}"))
        .extracting(Fault::code, Fault::pointer)
        .containsExactly(tuple(code, pointer));
  }
}
