resource "aws_s3_bucket" "images" {
  bucket = "images"
}

resource "aws_s3_bucket" "redirects" {
  bucket = "redirects"

  website {
    redirect_all_requests_to = "https://meals.example"
  }
}

resource "aws_s3_bucket_website_configuration" "redirects" {
  bucket = "redirects"

  redirect_all_requests_to {
    host_name = "meals.example"
    protocol  = "https"
  }
}
