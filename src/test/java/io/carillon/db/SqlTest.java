package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SqlTest {
  @Test
  void lists_of_any_length_make_few_statements_and_all_values_are_bound() {
    Set<String> statements = new HashSet<>();
    for (int count = 1; count <= 500; count++) {
      List<Object> values = new ArrayList<>();
      Sql.pad(values, Collections.nCopies(count, "x"));
      String places = Sql.paddedPlaces(count);
      statements.add(places);
      assertThat(places.chars().filter(c -> c == '?').count()).isEqualTo(values.size());
      assertThat(values.size()).isBetween(count, Math.max(2 * count, count + 49));
    }
    assertThat(statements).hasSizeLessThan(20);
  }

  @Test
  void a_share_taken_evenly_is_never_padded_and_never_too_large() {
    assertThat(IntStream.rangeClosed(50, 500))
        .allSatisfy(
            count -> {
              int share = Sql.evenly(count);
              assertThat(share).isBetween(count - 49, count);
              assertThat(Sql.paddedPlaces(share)).isEqualTo(Sql.places(share));
            });
    assertThat(IntStream.range(0, 50)).allSatisfy(n -> assertThat(Sql.evenly(n)).isEqualTo(n));
  }
}
