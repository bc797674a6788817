/** Words of metrics of which more is better, whatever the suite that writes them. */
const HIGHER = new Set(
  'accuracy acc reward rewards return returns score f1 auc auroc auprc precision recall r2 iou miou dice map bleu rouge psnr ssim winrate elo throughput'.split(
    ' ',
  ),
);
/** Words that say the opposite, also beside one of those: "reward loss". */
const LOWER = new Set('loss error err cost regret nll perplexity ppl mse rmse mae nrmse'.split(' '));

/** What is better, judged by the name: "val/accuracy", "charts/episodic_return", "testAcc". Null = the name says nothing. */
export function metricDirection(metric: string): 'higher' | 'lower' | null {
  const words = metric
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (words.some((word) => LOWER.has(word))) return 'lower';
  return words.some((word) => HIGHER.has(word)) ? 'higher' : null;
}
