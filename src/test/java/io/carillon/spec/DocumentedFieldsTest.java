package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's description names every policy that a definition may have. */
class DocumentedFieldsTest {
  @ParameterizedTest
  @ValueSource(strings = {"JobInput", "Job"})
  void every_policy_is_a_property_of_the_schema(String schema) throws Exception {
    try (InputStream document = JobReader.class.getResourceAsStream("/openapi.json")) {
      JsonNode properties =
          new ObjectMapper().readTree(document).at("/components/schemas/" + schema + "/properties");
      List<String> named = new ArrayList<>();
      properties.fieldNames().forEachRemaining(named::add);

      assertThat(named).containsAll(OptionReader.NAMES);
    }
  }
}
