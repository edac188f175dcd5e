import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes each line of the input as one record of partition 0, as few batches as they fit into. */
public class Publish {
  public static void main(String[] args) throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", args[0]);
    settings.put("compression.type", args[2]);
    settings.put("linger.ms", "60000");
    settings.put("batch.size", "1000000");
    settings.put("max.request.size", "4000000");
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sent.add(producer.send(new ProducerRecord<>(args[1], 0, "java", line)));
      }
      producer.flush();
      for (Future<RecordMetadata> one : sent) one.get();
    }
  }
}
